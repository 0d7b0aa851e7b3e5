import type { Journey } from '../../../server/engage/onboarding/contract/journeys.ts'

/** Stands here too, as the contract is no part of the first page. */
const states: readonly Journey['state'][] = ['on_track', 'behind', 'stuck']
export const onboardingViews = ['board', 'figures', 'templates'] as const

export interface OnboardingSearch {
  view?: (typeof onboardingViews)[number] | undefined
  template?: string | undefined
  state?: Journey['state'] | undefined
  mine?: true | undefined
  q?: string | undefined
}

/** Of a template: whether it is changed; of a new one, from which it is copied. */
export interface TemplateSearch {
  edit?: boolean
  from?: string
}

/** What the address says of the board. */
export function onboardingSearchOf(search: Record<string, unknown>): OnboardingSearch {
  const view = onboardingViews.find(each => each === search.view)
  const state = states.find(each => each === search.state)
  return {
    ...(view && { view }),
    ...(state && { state }),
    ...(typeof search.template === 'string' && { template: search.template }),
    ...(search.mine === true && { mine: true as const }),
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q.slice(0, 200) }),
  }
}
