import type { roles as english } from '../en/roles.ts'
import type { Translation } from '../translation.ts'

export const roles: Translation<typeof english> = {
  administrator: '管理者',
  head_of_cs: 'CS責任者',
  cs_manager: 'CSマネージャー',
  csm: 'CSM',
  onboarding: '導入支援担当',
  education: '教育担当',
  analyst: '分析担当',
  support_l1: 'サポート（一次）',
  support_l2: 'サポート（二次）',
  support_l3: 'サポート（三次）',
  sales_marketing: '営業・マーケティング',
  read_only: '閲覧のみ',
  portal_user: 'ポータル利用者',
}
