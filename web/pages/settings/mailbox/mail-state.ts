import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import type { listMails } from '../../../../server/platform/mail/contract.ts'
import type { Tone } from '../../../kit/badge.tsx'

type MailState = RouteReply<typeof listMails>['items'][number]['state']

const tones: Record<MailState, Tone> = {
  pending: 'accent',
  sending: 'accent',
  accepted: 'green',
  failed: 'red',
  suppressed: 'plain',
  uncertain: 'orange',
  kept: 'plain',
}

/** The colour of a state; its word stands beside it. */
export function stateTone(state: MailState): Tone {
  return tones[state]
}
