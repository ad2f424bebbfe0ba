import { zh as ledger } from '@redproperty/shared/ballot/words';
import { zh } from '@redproperty/shared/vote/words';

export default {
  ...zh,
  ledger,
  title: '业主表决', hint: '业主共同决定的事项：提议、公告、公示名册、投票、计票、公布。谁投了什么，这里没有人看得到。', new: '发起表决', back: '全部表决',
  empty: { title: '还没有业主表决', hint: '发起一次表决，或等业主提议。' },
  field: {
    title: '名称', state: '状态', place: '范围', next: '下一个期限', reason: '为什么要表决', kind: '会议', scope: '谁来投', area: '物业区域', building: '楼', entrance: '单元（如 1单元）', matter: '法定事项', itemTitle: '表决什么', content: '具体内容', options: '选项', most: '最多选几个', bylaw: '业主自己的议事规则（文件）',
    eachUnit: '一套房算一人（一人有几套按套数算）', countParking: '能登记的车位计入', silent: '送达后没有表态的随多数', opensAt: '开始投票', closesAt: '截止', why: '原因（每位业主都会看到）', extendedWhy: '延期的原因', system: '市里的系统', document: '结果文件', code: '票上印的号码', scan: '票的照片', choice: '票上的选择', basis: '依据', how: '送达方式', note: '说明', answer: '答复（业主会看到）', decision: '决定',
  },
  day: { announced: '公告', roll_posted: '名册公示', open: '开始投票', closed: '截止', counted: '计票', published: '公布', effective: '生效' },
  kind: { regular: '定期会议', extraordinary: '临时会议' },
  due: { support: '等附议和公告', opens: '{at} 开始', closes: '{at} 截止', publish: '{at} 前公布', posted: '公示到 {at}', late: '已过公布期限（{at}）' },
  way: '进程', facts: '要点', procedure: '当地程序：{place}', figures: '程序要求', asked: '是', exposure: '准确票数会暴露个人选择的情形：{n}%', hashes: '核对用的哈希', rollHash: '名册', formHash: '表决内容', keyHash: '密钥', ruleHash: '规则',
  small: '业主或参加的人不多：公布准确票数会让人算出每家怎么投。只公布各条件达没达到，准确票数只给监票人。',
  reserved: '当地规定电子投票须用市里的系统：这里收纸质票，或录入市里的结果。',
  items: { title: '表决事项', no: '第 {n} 项', law: '通过：{law}', most: '最多选 {n} 个', also: '选票上另有：反对（多选项为“都不选”）、弃权' },
  act: {
    edit: '修改', cancel: '取消表决', cancelWill: '公告以后取消，业主会收到通知。取消后不能恢复。', announce: '公告', announceWill: '公告以后，表决什么、什么时候都不能再改，也不能加别的事项。全体业主会收到通知。', announceDays: '当地要求提前 {notice} 日公告，投票 {least} 至 {most} 日。',
    post: '公示名册', postAgain: '重新公示名册', postWill: '按登记簿现在的内容生成名册并公示，业主可以提异议。投票开始时冻结。', extend: '延期一次', extendWill: '只能延期一次，最长 {n} 日。每位业主都会看到原因。', publish: '公布结果', publishWill: '四个条件和票数（或通过与否）公布给所有人，公示期满自动生效。公布后不能改。',
    official: '录入市里的结果', order: '责令改正或撤销', orderWill: '由街道办事处作出，或照住房主管部门的文书录入，要写明理由。业委会和业主可以申诉，由另一个人复核；住房主管部门的，照它的答复录入。', appeal: '申诉', rule: '复核申诉', lift: '解除', liftWill: '改正完成后解除，结果恢复公示。', bundle: '下载核验文件',
  },
  support: { title: '附议', got: '{n} / {of} 户', need: '达到 {percent}% 应当召开业主大会', enough: '人数已够' },
  quorum: { title: '参与情况', area: '面积三分之二', heads: '人数三分之二', met: '达到', not: '没有达到', hint: '截止以前只显示够不够三分之二，谁也看不到票数。' },
  roll: {
    title: '名册', total: '{heads} 人 · {area}', find: '按楼号、房号查找', head: '行', units: '房屋', area: '面积', delivered: '送达', voted: '投票', paper: '纸质票已录一次，等第二人', yes: '已投', no: '未投', none: '未送达', enter: '录入纸质票', deliver: '登记送达（{n} 行）', select: '选择未送达的', developer: '开发商未售、未交付', more: '再显示 {n} 行', print: '打印选票（{n} 行）',
    how: { door: '上门', mail: '邮寄', notice: '张贴公告', web: '本人在手机上' }, deliverHint: '张贴公告只用于无法送达的业主；议事规则把没有表态算随多数时，张贴不算送达。',
    source: { register: '登记', survey: '测绘', contract: '合同', unknown: '不明' },
  },
  developer: {
    none: '第 {head} 行是开发商未售、未交付的房屋，合一票。还没有登记开发商的授权文件：登记以前没有人能投这一票，纸质票也不能录。', recorded: '第 {head} 行（开发商）的票由 {unit} 登记的人投，{at} 登记了授权文件：', do: '登记开发商的授权', will: '授权文件所有业主都能看到，登记写进公开账本。授权的人要先由社区登记为其中一套房屋的业主。这一票投出以后不能再改。',
    paper: '授权文件', paperHint: '先在这一页的“文件”里添加。', unit: '授权的人登记在哪一套', unitHint: '只能选没有卖出、没有人等着交付的房屋。',
  },
  objections: { title: '对名册的异议', none: '没有异议。', state: { open: '待答复', accepted: '已采纳', rejected: '未采纳' }, answer: '答复', accept: '采纳：改正登记簿后重新公示', reject: '不采纳', hint: '异议都答复了，投票才能开始。' },
  tellers: {
    title: '监票', hint: '三位不同身份的监票人一起生成密钥，谁也没有完整的密钥。计票要两位监票人。服务器始终打不开任何一张票。', none: '还没有监票人。', seat: '{n} 号席', mine: '（您）', confirmed: '已确认密钥', waiting: '等待分发', checking: '等待确认', vacate: '让出席位', vacateWill: '席位空出后，已分发的全部作废，要重新生成。', key: '密钥已生成', keyHint: '监票人在自己的设备上会看到算出的号码：三位当面或电话核对，一致就没有人在中间。', compare: '公布的号码', number: '这台电脑算出的密钥号码，请与另两位当面或电话核对，三个人应当一样：',
    do: '做监票人该做的事', file: '监票文件', begin: '在这台电脑上做监票人', load: '打开我的监票文件', fileHint: '监票文件是您那一份密钥，只留在这台电脑和您保存的文件里，不要交给任何人，计票前不要丢。两位监票人丢了文件，就不能计票。', save: '保存监票文件', forget: '从这台电脑删除（文件已另存）', saved: '已存到这台电脑。请再保存一份文件。', cli: '也可以用命令行：{command}',
    step: { sit: '入席', deal: '分发', confirm: '核对并确认密钥', send: '交出我的部分', count: '计票并上报', wait: '现在没有要做的，等其他监票人。', done: '投票结束后再来计票。', over: '已计票。' },
    counts: '已上报的监票人：{list}', differ: '上报的票数不一致：请各自重新计票。', counted: '您这边的计票（只在这台电脑上）', exact: '准确票数', full: '三个席位已满，其中没有您。',
  },
  result: { title: '结果', official: '“{system}”的表决结果', joined: '参与', favour: '同意', void: '无效', heads: '人数', area: '面积', both: '按议事规则计入没有表态的', spoken: '只算投了票的', added: '当地另外要求 {text}', hidden: '只公布通过与否', share: '{n}（{share}）' },
  orders: { title: '街道办事处、住房主管部门的决定', authority: '由谁作出', paper: '文号', paperHint: '住房主管部门的决定必须填写文号。', endedPaper: '住房主管部门（或复议机关、法院）的文号', correct: '责令改正', revoke: '撤销', reasons: '理由', appealed: '申诉：{text}', upheld: '维持', lifted: '取消', ruling: '复核：{result}。{text}', ended: '{at} 解除', uphold: '维持原决定', overturn: '取消原决定', another: '这个决定是您作出或录入的，申诉由街道的另一个人复核。', kind: '决定' },
  openings: { title: '依法打开个别选票', none: '没有。', hint: '只为法院或依法核查，由两位监票人打开，理由记录在案，业主马上收到通知。内容在平台以外交给提出的机关。', ask: '请求打开', askWill: '业主会马上收到通知和理由。', head: '名册第几行', court: '法院要求', verification: '依法核查', asked: '{at} 提出', opened: '{at} 已打开', waits: '等监票人', open: '打开这一张', opensHint: '先由一位监票人交出部分，再由另一位打开。内容只显示在打开的人屏幕上，并登记。', part: '已交出您的部分，请另一位监票人打开。', says: '第 {n} 行的选择（请当面交给提出的机关，不要保存）', picture: '纸质票照片 {n}', broken: '打不开，或者不是照片' },
  documents: { title: '文件', none: '没有文件', add: '添加文件', adding: '正在上传…', hint: 'PDF、图片、Word、Excel，25 MB 以内。', tooLarge: '文件超过 25 MB。' },
  edit: { new: '发起表决', edit: '修改表决', hint: '公告以前都可以改；改了以后附议从头开始。', who: '谁来投', rules: '业主自己的议事规则', rulesHint: '先保存，再在表决页添加议事规则文件，回来选上。', addItem: '再加一项', remove: '去掉', addOption: '加一个选项', agree: '同意', yesNo: '同意或反对', several: '从几个里选', save: '保存', saved: '已保存', noBylaw: '还没有文件' },
  about: { item: '改造项目“{project}”方案第 {n} 版：数量 {quantity}，预算 {budget}。', fund: '维修单位：{firm}；预算 {budget}。', counts: '这一项和改造内容或维修资金申请相连：同意达到法定条件，就可以在那里登记为业主的决定。', option: '这一项和改造内容或维修资金申请相连：第一个选项代表它。' },
  paper: { title: '录入纸质票', hint: '两个人各录一遍，一致才算。选择和照片在这台电脑上封好，服务器看不到。', code: '号码印在票上，每张不同，两个人录的要一样。', scan: '拍照或扫描件（JPG、PNG，3 MB 以内）。', pick: '选择照片', submit: '封好并提交', waiting: '已记下，等另一个人再录一遍。', entered: '两遍一致，这一票已计入。', differs: '两遍不一致：请再看一遍，由第三次录入决定。', next: '返回名册', checking: '正在核对公开账本里的密钥…', missing: '请填写票上的号码，把每一项选好，并附上照片。', tooLarge: '照片超过 3 MB。', closed: '现在不收票。', head: '第 {n} 行 · {place}' },
  print: { title: '选票', back: '返回', print: '打印', how: '每项选一个画√。选好后密封交回或当面交给工作人员。', code: '票号', for: '业主：{place}（{area}）', until: '{at} 前交回', sign: '业主签名', silent: '按业主自己的议事规则：收到本票后没有表态的，算作随多数。', hint: '票号只印在票上，不在平台里。每次打开都是新的票号。', most: '可选 {n} 个' },
  officialForm: { hint: '照市里系统的结果逐项录入。合计要对得上，系统会检查。', joined: '参与的业主', area: '面积（m²）', heads: '人数', submit: '录入', noDocument: '先在表决页添加结果文件', number: '请填数字' },
  fault: {
    insecure: '浏览器没有提供加密功能，请用 https 地址打开。', unsealed: '公开账本还没有登记好，请过几秒再试。', untrusted: '表决内容或密钥与公开账本不一致，已停止。', rekeyed: '公开账本换了签名钥匙，已停止。', rewritten: '公开账本与先前看到的接不上，已停止。', forged: '签名不对。', receipt: '回执不对。', broken: '与账本不一致。', unkept: '这台设备存不下东西：空间满了，或者浏览器不让保存（无痕浏览）。请腾出空间或换一个浏览器再试。', missing: '账本里没有。', malformed: '看不懂。', used_up: '不能再改。',
  },
};
