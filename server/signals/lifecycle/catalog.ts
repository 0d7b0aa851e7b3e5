import type { NewStage } from './contract/stages.ts'

/** Asked for a demonstration, whatever the company's pages call it. */
const askedForDemo = ['Demo Requested', 'Requested Demo', 'demo_requested'].map(
  event => ({ event, did: 'at_least', times: 1 }) as const,
)

/** New, MQL, SQL, Opportunity, Won and Lost, as most teams of sales and marketing know them. */
export const standardStages: readonly (NewStage & { key: string })[] = [
  {
    key: 'new',
    nameJa: '新規',
    nameEn: 'New',
    condition: { all: [] },
  },
  {
    key: 'mql',
    nameJa: 'MQL',
    nameEn: 'MQL',
    condition: { field: 'leadScore', op: 'at_least', value: 50 },
    actions: [{ kind: 'notify', to: [{ kind: 'role', role: 'sales_marketing' }], channels: [] }],
  },
  {
    key: 'sql',
    nameJa: 'SQL',
    nameEn: 'SQL',
    condition: { any: [{ field: 'leadScore', op: 'at_least', value: 80 }, ...askedForDemo] },
    actions: [{ kind: 'notify', to: [{ kind: 'role', role: 'sales_marketing' }], channels: [] }],
  },
  { key: 'opportunity', nameJa: '商談', nameEn: 'Opportunity' },
  {
    key: 'won',
    nameJa: '受注',
    nameEn: 'Won',
    kind: 'won',
    condition: { customer: { field: 'status', op: 'in', value: ['ACTIVE'] } },
    actions: [
      { kind: 'create_customer', status: 'ONBOARDING', ownerId: null },
      {
        kind: 'welcome_mail',
        subjectJa: 'ご契約ありがとうございます',
        subjectEn: 'Welcome aboard',
        bodyJa:
          '{{name}} 様\n\nこのたびはご契約いただき、誠にありがとうございます。{{company}}の皆さまにご活用いただけるよう、担当者よりあらためてご連絡いたします。\n\nご不明な点がございましたら、お気軽にお問い合わせください。',
        bodyEn:
          'Hello {{name}},\n\nThank you for choosing us. Your contact person will be in touch soon to get everybody at {{company}} started.\n\nIf you have any questions, just ask.',
      },
    ],
  },
  { key: 'lost', nameJa: '失注', nameEn: 'Lost', kind: 'lost' },
]
