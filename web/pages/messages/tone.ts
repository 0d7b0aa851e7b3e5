import type { CampaignState } from '../../../server/engage/messages/contract/campaigns.ts'

/** The colour of a state. */
export const campaignTone = {
  draft: 'line',
  scheduled: 'accent',
  late: 'orange',
  preparing: 'accent',
  sending: 'accent',
  paused: 'orange',
  finished: 'green',
  cancelled: 'line',
} as const satisfies Record<CampaignState, string>
