/** What a step is asked with; the names are those of the request's body. */
export interface StepInput {
  text?: string;
  evidence?: string;
  reason?: string;
  clause?: string;
  note?: string;
  channel?: string;
  assigneeId?: string;
  subcontractor?: string;
}

export interface Field {
  name: keyof StepInput;
  kind: 'text' | 'line' | 'choice' | 'staff';
  required?: boolean;
  least?: number;
  most?: number;
  choices?: readonly string[];
  /** What whoever is asked must be permitted. */
  permission?: string;
}

const words = (name: keyof StepInput, most: number, more: Partial<Field> = {}): Field => ({ name, kind: 'text', required: true, most, ...more });
const crew: Field[] = [{ name: 'assigneeId', kind: 'staff' }, { name: 'subcontractor', kind: 'line', most: 100, permission: 'workorder.dispatch' }];

export const pauseReasons = ['resident_asked_later', 'resident_absent', 'access_refused', 'resident_decides', 'resident_information'] as const;
export const declineReasons = ['private_part', 'utility', 'developer_warranty', 'other_authority', 'court_or_petition', 'unclear', 'no_trouble_found'] as const;
export const channels = ['private_part', 'utility', 'developer_warranty', 'public', 'common_part', 'fee_question', 'conduct'] as const;

/** The steps of the phone, in the order in which they are offered, with what each asks. The rest is the desk's. */
export const stepFields = {
  accept: [], dispatch: crew, arrive: [], take_up: [], resume: [], resolve: [words('text', 2000)], verify: [words('text', 1000, { required: false })], reject_work: [words('text', 2000)], close: [],
  control: [], note: [words('text', 2000)], pause: [{ name: 'reason', kind: 'choice', required: true, choices: pauseReasons }, words('evidence', 500, { least: 5 })], assign: crew,
  object: [words('clause', 200, { kind: 'line', least: 2 }), words('reason', 1000)],
  decline: [{ name: 'reason', kind: 'choice', required: true, choices: declineReasons }, { name: 'channel', kind: 'choice', required: true, choices: channels }, words('note', 1000, { required: false })],
} as const satisfies Record<string, readonly Field[]>;

export type Step = keyof typeof stepFields;
export const steps = Object.keys(stepFields) as Step[];

/** Steps that move an order along; each is a button of its own. The others are behind "more". */
export const mainSteps: readonly Step[] = ['accept', 'dispatch', 'arrive', 'take_up', 'resume', 'resolve', 'verify'];

/** Steps that were decided on what was on the screen: where the order changed meanwhile, the person looks again. The others only add to it. */
const onWhatWasSeen: readonly Step[] = ['accept', 'dispatch', 'take_up', 'resume', 'resolve', 'verify', 'reject_work', 'close', 'pause', 'assign', 'object', 'decline'];

export function decidedOnVersion(step: Step): boolean {
  return onWhatWasSeen.includes(step);
}

/** What is missing before it can be sent. */
export function missing(fields: readonly Field[], input: StepInput): Partial<Record<keyof StepInput, 'required' | 'short'>> {
  const out: Partial<Record<keyof StepInput, 'required' | 'short'>> = {};
  for (const f of fields) {
    const written = (input[f.name] ?? '').trim();
    if (f.required && written === '') out[f.name] = 'required';
    else if (f.least && written !== '' && [...written].length < f.least) out[f.name] = 'short';
  }
  return out;
}

/** The input without what was left empty. */
export function filled(input: StepInput): StepInput {
  return Object.fromEntries(Object.entries(input).map(([k, v]) => [k, (v as string).trim()]).filter(([, v]) => v !== ''));
}
