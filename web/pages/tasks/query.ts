import { addDays, type Day } from '../../kit/calendar.ts'
import type { TasksSearch } from './search.ts'

/** What the server is asked for by an address. @param whose the scope that counts where the address names none */
export function queryOf(search: TasksSearch, whose: 'own' | 'team' | 'all', today: Day) {
  const { status, priority, source, due, team, customer, q, sort } = search
  const mine = search.mine ?? whose
  return {
    ...(mine !== 'all' && { mine }),
    ...(status === 'closed' ? { view: 'done' as const } : status === 'any' ? { view: 'all' as const } : { status }),
    priority,
    source,
    teamId: team,
    customerId: customer,
    q,
    sort: sort ?? 'due',
    ...(due === 'late' && { late: 'true' as const }),
    ...(due === 'today' && { dueFrom: today, dueTo: today }),
    ...(due === 'week' && { dueFrom: today, dueTo: addDays(today, 6) }),
  }
}
