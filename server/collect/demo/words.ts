/** What people say and write in the demo; chosen by how the customer fares. */
export const tickets = {
  calm: [
    '請求書の宛名を変更したい',
    'ユーザーの追加方法を知りたい',
    'レポートの列を並べ替えたい',
    'SSOの設定手順について',
    'How do I export a dashboard?',
    '通知メールの頻度を変えたい',
    'APIの利用上限を確認したい',
    '権限の違いを教えてほしい',
  ],
  upset: [
    '帳票のPDFが文字化けする',
    '承認フローが途中で止まる',
    '画面の表示が非常に遅い',
    '同期エラーが3日続いている',
    'Data disappears after import',
    'ログインできない利用者がいる',
    '回答をいただけていません',
    '集計値が合わない',
  ],
} as const

/** Kind, subject and what was said. */
type Conversation = readonly ['MEETING' | 'CALL' | 'EMAIL' | 'NOTE', string | null, string]

export const conversations: Record<'calm' | 'worried', readonly Conversation[]> = {
  calm: [
    ['MEETING', '定例ミーティング', '利用状況を確認。新しい部門への展開を検討中とのこと。次回までに事例を共有する。'],
    ['CALL', '活用状況の確認', '承認フローの活用が進んでいる。次の四半期に研修をもう一度実施したい意向。'],
    ['EMAIL', '新機能のご案内', 'AIアシスタントの活用例を送付。翌日に返信があり、試用を開始。'],
    [
      'MEETING',
      'Quarterly check-in',
      'Walked through adoption by department. Finance team wants the export feature next.',
    ],
    ['NOTE', null, '経営企画部が全社展開の稟議を準備している。'],
  ],
  worried: [
    ['CALL', '利用低下について', '推進担当の異動後、後任が決まっていない。引き継ぎの支援を提案した。'],
    ['EMAIL', 'ご利用状況のご連絡', '先月からログインが減っている件を連絡。まだ返信なし。'],
    ['MEETING', '課題の整理', '現場が旧システムに戻っている。更新の判断は来月の役員会。'],
    ['NOTE', null, '競合の見積もりを取っているとの情報。次回は決裁者に同席を依頼する。'],
    ['CALL', 'Renewal risk', 'Budget is being reviewed. They asked for a smaller plan.'],
  ],
}

export const praise = [
  '操作が分かりやすく、現場に定着した',
  'サポートの対応が早い',
  '集計の時間が半分になった',
  'Great support, easy to use',
  '会議資料の作成が楽になった',
] as const
export const blame = [
  '動作が遅い日がある',
  '問い合わせの回答に時間がかかる',
  '現場が使いこなせていない',
  'Too expensive for what we use',
  '設定が複雑で担当者しか触れない',
] as const

export const titles = [
  '情報システム部 部長',
  '経営企画部 課長',
  '営業本部 マネージャー',
  '業務改革推進室',
  '総務部 主任',
  '生産管理部',
  '店舗運営本部 課長',
  '執行役員',
  '常務取締役',
  '人事部 リーダー',
] as const
export const englishTitles = [
  'Head of Operations',
  'IT Manager',
  'Finance Lead',
  'VP Sales',
  'Operations Analyst',
  'COO',
  'Project Manager',
] as const
export const tags = ['重点', '海外', '拡大余地', '紹介元', '要フォロー', '事例候補'] as const
export const churnReasons: Record<string, string> = {
  champion_left: '推進担当者の退職後、利用が定着しなかった',
  poor_fit: '業務に合わなかった',
  bad_support: 'サポートへの不満',
  budget_cut: '予算の削減',
  stalled_onboarding: '導入が完了しなかった',
  none: '他社製品へ切り替え',
}
