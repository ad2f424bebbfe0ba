export default {
  title: '极端天气',
  hint: '街道办事处公告极端天气后，可以等天气的工单暂停计时；涉及人身安全的不暂停。',
  declare: '公告极端天气', will: '公告后一分钟左右，范围内可以等天气的工单顺延时限，报事人能看到原因。', declared: '已公告', ended: '已保存',
  kind: { rain: '暴雨', typhoon: '台风', wind: '大风', snow: '暴雪', ice: '道路结冰', cold: '寒潮', heat: '高温', fog: '大雾', thunder: '雷电', other: '其他' },
  state: { coming: '未开始', on: '进行中', over: '已结束' },
  span: '{from} 至 {to}', openSpan: '{from} 起，尚未结束', end: '结束', move: '调整结束时间', endWill: '已经过去的结束时间不能再改。', endsAt: '结束时间（北京时间）',
  area: '范围', areaHint: '街道、社区、小区的名称', noArea: '没有找到', choose: '请从列表中选择范围', areaUnknown: '范围已不存在', kindLabel: '天气', reason: '依据', reasonHint: '照预警原文填写，如：牟平区气象台 22 日 8 时发布暴雨红色预警', from: '开始时间（北京时间）', to: '结束时间（不知道可不填）',
  none: '没有公告过极端天气', noneHint: '气象部门发布预警后，由街道办事处在这里公告。',
};
