/** What features tell of: the first whose beginning fits. The rest is a matter of its own. */
const families: readonly (readonly [string, readonly string[]])[] = [
  ['champion', ['contacts.champion', 'contacts.days_since_champion', 'contacts.sponsors', 'usage.champion']],
  [
    'breadth',
    [
      'usage.features',
      'usage.outside_top_feature',
      'usage.dashboard',
      'usage.docs',
      'usage.community',
      'contacts.community',
      'contacts.webinars',
      'usage.webinars',
    ],
  ],
  [
    'cancelling',
    [
      'usage.cancel_page',
      'usage.downgrade',
      'tickets.cancel_words',
      'surveys.cancel_words',
      'communications.cancel_words',
    ],
  ],
  ['use', ['usage.']],
  [
    'satisfaction',
    ['surveys.', 'tickets.satisfaction', 'tickets.unhappy', 'communications.unhappy', 'contacts.negative'],
  ],
  ['support', ['tickets.']],
  ['payment', ['billing.']],
  [
    'price',
    ['contracts.contraction', 'contracts.expansion', 'contracts.mrr', 'contracts.arr', 'contracts.months_since_price'],
  ],
  ['term', ['contracts.']],
  [
    'care',
    [
      'communications.',
      'customer.handovers',
      'customer.days_with_owner',
      'success.reviews',
      'success.days_since_review',
      'success.review',
    ],
  ],
  ['onboarding', ['success.onboarding', 'success.time_to_value', 'success.milestones']],
  ['success', ['success.']],
  ['people', ['contacts.']],
]

/** The matter that a feature tells of: features of one are told of once. */
export function familyOf(feature: string): string {
  return families.find(([, beginnings]) => beginnings.some(each => feature.startsWith(each)))?.[0] ?? feature
}
