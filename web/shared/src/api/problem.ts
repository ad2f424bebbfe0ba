import type { components } from './generated/schema';

export type Problem = components['schemas']['Problem'];
export type FieldProblem = components['schemas']['FieldProblem'];

/** The code of an answer that never came: no signal, a closed lid, a server that is away. */
export const unreachable = 'client.unreachable';

/**
 * A refusal or failure of the API. `message` is the server's sentence in the chosen language; programs look at `code`.
 */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly params: Record<string, unknown>;
  readonly fields: FieldProblem[];
  readonly requestId: string;
  /** Seconds to wait before another try, where the server says so. */
  readonly retryAfter: number | undefined;

  constructor(problem: Partial<Problem> & { status: number }, retryAfter?: number) {
    super(problem.detail ?? '');
    this.name = 'ApiError';
    this.code = problem.code ?? 'internal';
    this.status = problem.status;
    this.params = problem.params ?? {};
    this.fields = problem.errors ?? [];
    this.requestId = problem.requestId ?? '';
    this.retryAfter = retryAfter;
  }

  /** Whether the change may or may not have happened, so that only a repetition with the same key is safe. */
  get uncertain(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  /** What there is to read: the refusal as a whole, then what is wrong in particular, for who has no place beside a field. */
  get sentences(): string[] {
    return [...new Set([this.message, ...this.fields.map((f) => f.detail)])].filter((s) => s !== '');
  }

  get forbidden(): boolean {
    return this.status === 403;
  }

  get notFound(): boolean {
    return this.status === 404;
  }
}

/** Reads the refusal from an answer; what is no problem document (a proxy's page) becomes one by its status. */
export async function problemOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get('Retry-After'));
  const retryAfter = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  const body: unknown = await response.json().catch(() => undefined);
  const problem = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {};
  return new ApiError({ ...problem, status: response.status }, retryAfter);
}

/** Makes an ApiError of whatever was thrown. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (thrown instanceof TypeError) return new ApiError({ status: 0, code: unreachable });
  throw thrown;
}
