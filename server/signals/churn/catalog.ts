import type { Words } from '../../platform/errors/words.ts'

/** What helps against what raises a customer's chance of leaving: by the beginning of the feature's key. */
const actions: readonly { features: readonly string[]; words: Words }[] = [
  {
    features: ['contacts.champion', 'contacts.sponsors', 'contacts.days_since_champion', 'usage.champion'],
    words: {
      ja: '新しい推進役を見つけ、1週間以内に顔合わせの打ち合わせを設定する',
      en: 'Find a new champion and meet them within a week',
    },
  },
  {
    features: ['billing.'],
    words: {
      ja: '請求担当者に支払いの状況を確認し、必要なら支払い方法や時期を相談する',
      en: 'Ask their accounting about the open invoices; offer another way or time to pay if it helps',
    },
  },
  {
    features: ['tickets.', 'surveys.csat', 'surveys.ces'],
    words: {
      ja: '未解決の問い合わせをサポート責任者と確認し、解決の見込みを顧客に伝える',
      en: 'Go through the open tickets with support and tell the customer when each will be solved',
    },
  },
  {
    features: ['surveys.', 'communications.cancel_words', 'contacts.negative'],
    words: {
      ja: '不満の理由を直接聞き、対応できることと期限を回答する',
      en: 'Ask in person what disappoints them, and answer with what will change and by when',
    },
  },
  {
    features: [
      'usage.features',
      'usage.top_feature',
      'usage.new_features',
      'usage.abandoned',
      'success.adoption',
      'success.training',
    ],
    words: {
      ja: '使われていない機能から、顧客の目的に役立つものを1つ選んで使い方を案内する',
      en: 'Choose one unused feature that serves their goal and show how it works',
    },
  },
  {
    features: ['success.onboarding', 'success.time_to_value', 'success.milestones', 'success.plans'],
    words: {
      ja: '導入計画を見直し、止まっている項目の担当と期限を決め直す',
      en: 'Revisit the onboarding plan; agree anew who does what by when',
    },
  },
  {
    features: ['usage.', 'own.'],
    words: {
      ja: '利用の状況と妨げになっていることを確認し、利用者向けの再研修を提案する',
      en: 'Look at how they use it and what is in the way, and offer a training to their people',
    },
  },
  {
    features: [
      'communications.',
      'success.days_since_review',
      'success.reviews',
      'customer.days_with_owner',
      'customer.handovers',
    ],
    words: {
      ja: '近況確認の打ち合わせを設定し、次回のレビュー日を決める',
      en: 'Arrange a check-in and agree on the date of the next review',
    },
  },
  {
    features: ['contracts.', 'customer.'],
    words: {
      ja: '契約内容が利用実態に合っているかを確認し、更新に向けた提案を用意する',
      en: 'Check whether the contract fits how they use the product, and prepare the renewal',
    },
  },
]

/** What to do about factors, the gravest first; each action once, with the factor that asks for it. */
export function actionsFor<Factor extends { feature: string }>(
  factors: readonly Factor[],
): { words: Words; because: Factor }[] {
  const chosen = new Map<Words, Factor>()
  for (const factor of factors) {
    const action = actions.find(({ features }) => features.some(beginning => factor.feature.startsWith(beginning)))
    if (action && !chosen.has(action.words)) chosen.set(action.words, factor)
  }
  return [...chosen].map(([words, because]) => ({ words, because }))
}
