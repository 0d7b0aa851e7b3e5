import type { AlertRecipient } from './contract/rules.ts'

/** A colleague who may be given an alert. */
export interface Colleague {
  id: string
  role: string
  teams: readonly string[]
  /** Alerts that they have open. */
  open: number
}

/** Whom a recipient means for a customer. @param owner the customer's CSM */
function peopleOf(recipient: AlertRecipient, owner: string | null, colleagues: readonly Colleague[]): Colleague[] {
  switch (recipient.kind) {
    case 'owner':
      return colleagues.filter(({ id }) => id === owner)
    case 'owner_lead': {
      const teams = colleagues.find(({ id }) => id === owner)?.teams ?? []
      return colleagues.filter(each => each.role === 'cs_manager' && each.teams.some(team => teams.includes(team)))
    }
    case 'member':
      return colleagues.filter(({ id }) => id === recipient.id)
    case 'role':
      return colleagues.filter(({ role }) => role === recipient.role)
    case 'team':
      return colleagues.filter(({ teams }) => teams.includes(recipient.id))
  }
}

/** Everybody whom recipients mean. */
export function everybodyOf(
  recipients: readonly AlertRecipient[],
  owner: string | null,
  colleagues: readonly Colleague[],
): string[] {
  return [...new Set(recipients.flatMap(recipient => peopleOf(recipient, owner, colleagues).map(({ id }) => id)))]
}

/**
 * Who has to see to it: of the first recipient that there is, the one with the fewest open alerts.
 * @param given alerts that each was given meanwhile, which it counts on
 */
export function assigneeOf(
  recipients: readonly AlertRecipient[],
  owner: string | null,
  colleagues: readonly Colleague[],
  given: Map<string, number>,
): string | null {
  for (const recipient of recipients) {
    const load = ({ id, open }: Colleague) => open + (given.get(id) ?? 0)
    const [chosen] = peopleOf(recipient, owner, colleagues).sort(
      (one, other) => load(one) - load(other) || (one.id < other.id ? -1 : 1),
    )
    if (!chosen) continue
    given.set(chosen.id, (given.get(chosen.id) ?? 0) + 1)
    return chosen.id
  }
  return null
}
