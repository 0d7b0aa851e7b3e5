import { Link } from '@tanstack/react-router'
import type { Comparison } from '../../../server/catalog/conditions/contract.ts'
import {
  type Customer,
  listCustomers,
  summarizeCustomers,
} from '../../../server/customers/accounts/contract/customers.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { CustomerHealth } from '../../features/record/health.tsx'
import { DaysLeft, LastContact } from '../../features/record/renewal.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { KeyFigures } from './key-figures.tsx'
import { TodayTasks } from './tasks.tsx'
import { ScoreMovers, Work } from './work.tsx'

const shown = 6
const stillHere: Comparison = { field: 'status', op: 'not_in', value: ['CHURNED'] }
const renewals: Comparison[] = [{ field: 'renewalOn', op: 'within_next_days', value: 90 }, stillHere]
const quiet: Comparison[] = [{ field: 'lastContactAt', op: 'more_than_days_ago', value: 30 }, stillHere]

/** The customers of the person: who needs somebody, whose score fell, those to renew, those nobody talked with. */
export function Portfolio() {
  const t = useText()
  const mayImport = useMay('imports.manage')
  const all = useRoute(summarizeCustomers, { query: {} })
  const own = useRoute(summarizeCustomers, { query: { mine: 'own' } })
  const problem = all.error ?? own.error
  if (problem) return <Note tone="red">{wordsOf(problem, t)}</Note>
  if (!all.data || !own.data) return <SkeletonRows rows={6} />
  if (all.data.count === 0)
    return (
      <Section title={t('home.customers.title')}>
        <EmptyState
          title={t('customers.empty')}
          text={t('customers.emptyText')}
          actions={
            <>
              {mayImport && (
                <Link to="/imports/new" className="k-button" data-kind="primary">
                  {t('customers.empty.import')}
                </Link>
              )}
              <Link to="/customers" className="k-button">
                {t('home.customers.open')}
              </Link>
            </>
          }
        />
      </Section>
    )
  // Whoever looks after nobody sees the company's customers.
  const mine = own.data.count > 0 ? 'own' : undefined
  return (
    <>
      <KeyFigures mine={mine} />
      <TodayTasks />
      <Work mine={mine} />
      <ScoreMovers mine={mine} />
      <List
        title={t(mine ? 'home.renewals.mine' : 'home.renewals.all')}
        none={t('home.renewals.none')}
        query={{ mine, filter: JSON.stringify({ all: renewals }), sort: 'renewalOn', limit: shown }}
        search={{ view: 'renewal', ...(mine && { mine }) }}
        end={row => row.renewalOn && <DaysLeft day={row.renewalOn} />}
      />
      <List
        title={t(mine ? 'home.quiet.mine' : 'home.quiet.all')}
        none={t('home.quiet.none')}
        query={{ mine, filter: JSON.stringify({ all: quiet }), sort: 'lastContactAt', limit: shown }}
        search={{ view: 'quiet', ...(mine && { mine }) }}
        end={row => <LastContact at={row.lastContactAt} />}
      />
    </>
  )
}

interface ListProps {
  title: string
  none: string
  query: NonNullable<Parameters<typeof useRoute<typeof listCustomers>>[1]>['query']
  /** The same in the table of customers. */
  search: { view?: string; mine?: 'own' }
  end: (row: Customer) => React.ReactNode
}

function List({ title, none, query, search, end }: ListProps) {
  const t = useText()
  const format = useFormat()
  const { data, error } = useRoute(listCustomers, { query })
  return (
    <Section
      title={title}
      flush
      end={
        <Link to="/customers" search={search} className="k-link">
          {t('home.customers.all')}
        </Link>
      }
    >
      {error && <p className="text-red pt-4">{wordsOf(error, t)}</p>}
      {!data && !error && <SkeletonRows rows={3} />}
      {data?.items.length === 0 && <p className="text-t3 pt-4">{none}</p>}
      <ul className="h-customers">
        {data?.items.map(row => (
          <li key={row.id}>
            <Link to="/customers/$id" params={{ id: row.id }} className="truncate" title={row.name}>
              {row.name}
            </Link>
            <span className="h-wide">
              <CustomerHealth customer={row} aligned />
            </span>
            <span className="h-wide h-figure">{row.arr > 0 ? format.shortMoney(row.arr, row.currency) : '–'}</span>
            <span className="h-figure">{end(row)}</span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
