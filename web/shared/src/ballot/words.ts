import type { Translation } from '../i18n/types';

/** What both applications say where the public ledger is not the one that a device saw before. Each feature takes these in as `ledger`. */
export const zh = {
  unused: { surveys: '您的选票还没有用。', decisions: '什么也没有交出去。' },
  before: '这台设备先前看到', now: '现在看到', entries: '{n} 条记录', save: '保存证据', file: '账本变化证据', accept: '接受现在的账本', acceptHint: '接受后，这台设备以现在看到的账本为准。先前的选票和回执还在，用它们核对先前的测评可能会对不上。',
  rekeyed: {
    title: '公开账本换了钥匙', meaning: '账本用一把钥匙签名，大家看到的应当是同一把。现在这把与先前的不同。可能是平台重新安装、清除了演示数据或更换了钥匙；也可能有人单独给您看了一本假账。', what: '请先问街道或社区：有没有换钥匙，新的编号是不是上面这一个。没有问清楚，请不要接受。', asked: '我已经问过，编号一致',
  },
  rewritten: {
    title: '公开账本与先前看到的接不上', meaning: '账本只能增加，不能改。现在看到的不包含先前看到的内容。可能是平台从旧备份恢复或清除了演示数据；也可能历史被人改写。', what: '请先保存证据，再问街道或社区发生了什么。没有问清楚，请不要接受。', asked: '我已保存证据并问清楚',
  },
};

export const en = {
  unused: { surveys: 'Your ballot was not used.', decisions: 'Nothing was handed over.' },
  before: 'Seen before on this device', now: 'Seen now', entries: '{n} entries', save: 'Save the evidence', file: 'ledger-change', accept: 'Accept the ledger as it is now', acceptHint: 'From then on this device goes by what it sees now. Earlier ballots and receipts stay, but may not agree with it.',
  rekeyed: {
    title: 'The ledger has another key', meaning: 'The ledger is signed with one key that everybody sees. This is not the one seen before. The platform may have been installed anew, its demonstration removed, or its key changed; or somebody shows you alone a false ledger.', what: 'First ask the street or the community whether the key was changed, and whether the number above is the new one. Do not accept before.', asked: 'I have asked, and the number agrees',
  },
  rewritten: {
    title: 'The ledger does not go on from what was seen before', meaning: 'A ledger only grows. This one does not hold what was seen before. It may have been restored from an older backup, or the demonstration removed; or its history was rewritten.', what: 'First save the evidence, then ask the street or the community what happened. Do not accept before.', asked: 'I saved the evidence and have asked',
  },
} satisfies Translation<typeof zh>;
