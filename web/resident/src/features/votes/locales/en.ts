import type { Translation } from '@redproperty/shared/i18n/types';
import { en } from '@redproperty/shared/vote/words';

import type zh from './zh-CN';

export default {
  ...en,
  title: 'Owners’ votes',
  none: 'No owners’ vote yet',
  noneHint: 'Owners decide the estate’s great matters together. Votes appear here, and a message tells you.',
  group: { open: 'Open now', coming: 'In preparation', over: 'With a result' },
  until: 'until {at}', from: 'opens {at}', since: 'in effect since {at}',
  propose: 'Propose a vote',
  about: {
    why: 'Why it is put to the owners', items: 'What is asked', item: 'Item {n}', law: 'To pass: {law} (by area and by owners, each)', options: 'Options', most: 'choose {n} at most', documents: 'Documents', noDocuments: 'No documents', when: 'When',
    announced: 'Announced', roll: 'Roll posted', opens: 'Voting begins', closes: 'Voting ends', counted: 'Counted', published: 'Published', effective: 'In effect', official: 'This is the result of “{system}”, entered by the organiser.', extended: 'Prolonged: {why}',
    organiser: 'Held by', procedure: 'Under the rules of {place}', bylaw: 'The owners’ own rules',
  },
  tests: {
    title: 'When it passes',
    hint: 'The law asks for four things at once:',
    one: 'owners with two thirds of all exclusive area take part', two: 'two thirds of all owners take part', three: 'area in favour: {law}', four: 'owners in favour: {law}',
    heads: 'A dwelling counts as one owner; somebody with several is one as well. What is not sold or handed over is one together, the developer’s.',
    eachUnit: 'By the owners’ own rules each dwelling counts as one, also where somebody has several.',
    parking: 'By the owners’ own rules parking spaces that can be registered count.',
    silent: 'By the owners’ own rules, whoever was given a ballot and is silent goes with the majority. The result is published both ways.',
    silentNone: 'Who does not vote is neither for nor against.',
    shown: 'No total of fewer than {n} owners is published, nor one from which somebody’s vote could be worked out. Where everybody chose the same, or one owner decides the result, the result itself shows it. The developer is no person: totals may show its one ballot.',
  },
  quorum: { title: 'Taking part', met: 'Two thirds of the area and of the owners have taken part', area: 'Two thirds of the area are not reached yet', heads: 'Two thirds of the owners are not reached yet', hint: 'Until the voting ends nothing is told but whether two thirds are reached.' },
  small: { title: 'Few voters: pass or fail alone', hint: 'So few owners vote, or took part, that exact totals would tell how each home voted. Only whether each condition is met is published; the tellers alone know the totals.' },
  reserved: { title: 'Voting online is the city’s', hint: 'Here electronic votes belong to the municipal system. You can read the plan and the roll, and hand in paper; the city’s result is published here.' },
  own: {
    legal: 'For what a company or the developer owns votes whoever it authorised and the community entered in one of its dwellings: one ballot together. The developer’s paper is recorded by the organiser first.',
    title: 'What I vote for', none: 'No dwelling of yours is on the roll', noneHint: 'Owners on the roll and their delegates vote. If you are an owner and not on it, object while the roll is posted.', tenant: 'Tenants and family do not vote; they see the result.',
    units: 'dwellings: {n} · {area}', voted: 'voted ({at})', byPaper: 'on paper ({at})', byProxy: 'by the delegate ({at})', byOwner: 'by the owner ({at})', other: 'by a co-owner ({at})', together: 'Co-owners of a dwelling have one ballot together. Whoever cast it can change it, on their own phone.', open: 'not voted yet', municipal: 'on the web in the municipal system; nothing is on record here', delegate: 'as a delegate',
    vote: 'Vote', change: 'Change', waits: 'begins {at}', unanswered: 'No answer came to the last try. The sealed ballot is on this phone; trying again casts nothing twice.',
  },
  support: { title: 'Support', hint: 'When {percent}% of the owners support it, an assembly must be held. Who supports it is in no list, and the company sees nothing.', got: '{n} of {of} owners support it', enough: 'Enough: an assembly must be held.', do: 'I support it', done: 'You support it', mine: 'You proposed this.', cancel: 'Withdraw', cancelHint: 'It cannot be undone, and the support is gone.', cancelWhy: 'Why', edit: 'Change it', editHint: 'After a change support begins anew.' },
  ballot: {
    title: 'Vote', for: 'For {place} ({area})', step: 'Item by item', review: 'Once more', next: 'Review', back: 'Change', submit: 'Seal and cast', again: 'Try again', choose: 'Please choose', over: '{n} at most',
    sealed: 'Your choice is sealed on this phone. Only two tellers together can open it, at the count. The company, the committee, the community, the street and the platform cannot. That you took part is known.',
    name: 'By name: the law asks who took part, not how.',
    checking: 'Comparing what is asked and the key with the public ledger…', sending: 'Casting…', kept: 'No answer came. As long as this page is open your ballot is cast by itself once there is a signal; it never counts twice.',
    done: 'Your vote is cast', doneHint: 'You can change it until the voting ends; the last one counts.', revision: 'Number {n}; this one counts.', overHint: 'The voting has ended.',
    insecure: 'This page cannot vote: browsers offer cryptography on https addresses alone. Open it by https, or ask the community for paper.',
    elsewhere: 'It was cast on another device; the receipt is there.',
  },
  receipt: { title: 'Receipt', hint: 'Keep it. It proves a dropped or changed ballot and shows no choice.', save: 'Save', copy: 'Copy', copied: 'Copied', file: 'vote receipt', how: 'To check it: open this vote under “Owners’ votes”, choose “Check a receipt” and paste the line below.', check: 'Check', checkTitle: 'Check a receipt', label: 'Receipt (a line that begins with RPV1.)', checkHint: 'Paste a receipt to see whether the ballot was counted.' },
  verdict: { promised: 'The receipt is good', promisedHint: 'The server promised to count it. After the end it can be looked up in the public ledger.', kept: 'Counted as promised', keptHint: 'The ballot in the public ledger is the receipt’s.', replaced: 'Counted as promised', replacedHint: 'A later ballot took its place and counts.', wrong: 'It does not check', malformed: 'This is no receipt' },
  proxy: {
    title: 'Let somebody vote for you', hint: 'Whoever enters your code with their own account votes for you. You can take it back at any time; your own ballot goes first.', give: 'Make a code', code: 'Code', codeHint: 'It is shown once. Tell it to your delegate in person or by telephone.', copy: 'Copy',
    given: 'A code was made {at}; nobody has taken it.', taken: 'Taken by your delegate ({at}).', end: 'Take it back', endHint: 'Your delegate can vote no more. A ballot they cast stands until you cast your own.',
    take: 'I am a delegate', takeHint: 'Enter the code that the owner gave you. One person votes for {n} owners at most.', takeDo: 'Take it', enter: 'Code', done: 'Taken: you can vote for the owner.',
  },
  roll: {
    title: 'Roll of owners', hint: '{heads} owners, {area}. No names are in it.', mine: 'mine', find: 'Find a building or number', nothing: 'Nothing found', units: 'dwellings: {n}', developer: 'The developer’s, not sold or not handed over', authorised: 'its authority is recorded (see the documents)', unauthorised: 'its authority is not recorded: this ballot cannot be cast', voted: 'took part', delivered: 'ballot delivered',
    source: { register: 'area by register', survey: 'area by survey', contract: 'area by contract', unknown: 'area unknown' },
    object: 'Object', objectHint: 'A wrong area, somebody left out, a mistake: say it. The organiser answers each; voting cannot begin before.', objectLabel: 'What is wrong', objections: 'My objections', state: { open: 'waiting', accepted: 'accepted', rejected: 'rejected' }, answer: 'Answer: {text}', more: 'Show more',
  },
  delivery: { ack: 'Opening this page records that the ballot reached you.' },
  result: { title: 'Result', total: 'All owners', joined: 'Took part', favour: 'In favour', against: 'Against', none: 'None of them', abstain: 'Abstain', void: 'Void', area: 'Area', heads: 'Owners', both: 'With the silent, by the owners’ own rules', spoken: 'Of those who voted', added: 'The place asks beside: {text}', share: '{part} ({share})', proof: 'Public ledger', proofHint: 'The announcement, the roll, the key, every ballot and the result are in the public ledger and cannot be changed. Your phone can check it.', verify: 'Check the ledger', verified: 'The ledger has the announcement, the count and the publication of this vote, as shown here (published {at}).', bundle: 'Download what verifies it', bundleHint: 'For experts: every ballot can be checked without a server.', document: 'The result as a document' },
  order: { title: 'Order of the street office or the housing department', correct: 'To be corrected', revoke: 'Revoked', by: '{at}', appeal: 'Appeal', appealDo: 'Appeal', appealLabel: 'Why it is wrong', appealHint: 'Another person of the street office rules on it; the housing department answers for its own.', appealed: 'Appealed: {text}', upheld: 'Ruling: upheld', lifted: 'Ruling: lifted', ended: 'lifted {at}' },
  opening: { title: 'Your ballot was asked to be opened', court: 'a court asked', verification: 'statutory verification', asked: 'Asked for {at}, done by two tellers. Reason:', opened: 'opened {at}', waiting: 'not opened yet', picture: 'Picture of the paper, {n}', broken: 'it does not open, or is no picture' },
  form: { title: 'Propose a vote', edit: 'Change the proposal', name: 'Name of the vote', reason: 'Why', matter: 'Matter by law', itemTitle: 'What is asked', content: 'What exactly is decided', contentHint: 'What is done, what it costs, who pays.', options: 'How to choose', yesNo: 'For or against', several: 'One of several', option: 'Option {n}', addOption: 'Another option', addItem: 'Another item', removeItem: 'Remove this item', submit: 'Propose', save: 'Save', hint: 'Other owners can support it. The committee, the residents’ committee or the street sees it and holds the vote.' },
  teller: {
    title: 'Teller', hint: 'Three tellers of different sides make the key together and count together; none of them can open a ballot alone. An owner can be one.', seat: 'You are teller {n} ({side})', compare: 'Number of the key as this phone computed it: compare it with the two others in person or by telephone, all three are the same', fileHint: 'The teller’s file is your share of the key. It is on this phone and where you save it. Give it to nobody, and do not lose it before the count.', fileName: 'teller file', save: 'Save the teller’s file', load: 'Open my teller’s file', forget: 'Remove from this phone (the file is saved)',
    asked: 'Open the ballot of line {n} by law', open: 'Open this one', opensHint: 'One teller hands over their part, another opens. It is shown on that one’s screen alone, and put on record.', part: 'Your part is handed over; another teller opens it.', says: 'What it says (hand it over in person, keep no copy):', counted: 'Your count is handed in: {heads} owners, {area} took part.',
    step: { sit: 'Be a teller', deal: 'Deal the shares', confirm: 'Check and confirm the key', count: 'Count', wait: 'Nothing to do now: the other tellers are next.', done: 'Come back to count when the voting has ended.', over: 'The count is done.', load: 'Your teller’s file is not on this phone: open the one you saved.' },
  },
  fault: {
    insecure: 'The browser offers no cryptography here.', unsealed: 'The public ledger does not have it yet; try again in some seconds.', untrusted: 'What is asked or the key is not what the public ledger has. Nothing was cast. Please tell the street.', rekeyed: 'The public ledger has another key. Nothing was cast.', rewritten: 'The public ledger does not go on from what this device saw.',
    forged: 'The server’s signature is wrong.', receipt: 'The receipt is not of this vote, or not of what was cast.', broken: 'The ledger has another ballot than the receipt promises. Keep the receipt and tell the street: it is the evidence.', unkept: 'This device keeps nothing: its storage is full, or the browser forbids it (private browsing). Make room or take another browser and try again.', missing: 'The ledger does not have this ballot. Keep the receipt and tell the street: it is the evidence.', malformed: 'Copy the whole line that begins with RPV1., of this vote.', used_up: 'It cannot be changed any more.',
  },
} satisfies Translation<typeof zh>;
