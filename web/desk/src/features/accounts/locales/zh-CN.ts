export default {
  title: '账号',
  hint: '有人求助时查看账号状态、锁定或解锁。这里不显示账号属于谁。',
  find: '查找账号', findNow: '查找', findHint: '每次查找都会记入操作记录。', locked: '已锁定的账号', none: '没有锁定的账号',
  state: { active: '正常', locked: '已锁定', erased: '已注销' },
  made: '{at} 建立', seen: '最近使用 {at}', unseen: '没有登录记录', sessions: '正在登录 {n} 处', password: '已设密码', noPassword: '未设密码',
  lock: '锁定', unlock: '解锁', lockOne: '锁定账号 {id}', unlockOne: '解锁账号 {id}', lockWill: '所有登录和访问令牌立即失效，解锁前不能再登录。岗位和住户关系不变。', unlockWill: '解锁后可以重新登录。之前的登录不会恢复。', lockedNow: '已锁定', unlockedNow: '已解锁',
  data: {
    title: '个人信息清单', hint: '平台保存的每一种个人信息：为什么、依据什么、保存多久、谁能看到。到期由程序清除。', print: '打印', sensitive: '敏感', yes: '可应本人要求删除', no: '到期删除', nobody: '无人可见', until: '到{event}为止', after: '{event}后 {n} 天',
    column: { field: '信息', purpose: '用途', basis: '依据', kept: '保存多久', seen: '谁能看到明文', erasable: '删除' },
    subject: { person: '用户与岗位人员', member: '住户', owner: '业主名册', reporter: '报事人' },
    basis: { contract: '履行合同', duty: '法定职责', consent: '本人同意' },
    viewer: { self: '本人', household: '同住户成员', assigned_worker: '经办维修人员', own_org: '本单位同事', parties: '沟通双方' },
    field: {
      person_name: '姓名', person_phone: '手机号', account_user_name: '用户名', login_session_device: '登录设备', one_time_code_phone: '验证码对应的手机号摘要', work_order_identity_name: '报事人姓名', work_order_identity_phone: '报事人电话', work_order_caller_name: '来电人称呼', work_order_caller_phone: '来电人电话',
      work_order_description: '工单描述', work_order_event_text: '办理说明', work_order_callback_note: '回访记录', work_order_remark_text: '评价意见', work_order_message_text: '工单留言', work_order_statement_answer: '书面说明', work_order_pressure_text: '受压反映', work_order_attachment_hash: '工单照片',
      owner_name: '业主姓名', owner_phone: '业主电话', occupant_name: '使用人姓名', occupant_phone: '使用人电话', household_member_note: '服务需要备注', household_application_name: '申请人姓名', household_application_note: '申请说明', platform_feedback_text: '对平台的意见', platform_feedback_answered_by: '答复意见的运维人员',
      survey_interviewer_person: '测评访问员', survey_entry_entered_by: '纸质选票录入人', survey_agreement_dwelling: '同意访问员上门的住户',
      renovation_remark_words: '对改造项目的意见', renovation_supervisor_person: '居民监督员', renovation_signature_person: '改造核实与验收签字人',
    },
  },
};
