import { Link } from '@tanstack/react-router'
import { type ReactNode, useMemo, useState } from 'react'
import { listFlows } from '../../../server/engage/flows/contract/flows.ts'
import { contactOutcomes, contactWays, listContactLog } from '../../../server/engage/flows/contract/reports.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useAllMembers } from '../../features/identity/all-members.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Select } from '../../kit/field.tsx'
import { lastMonths } from './months.ts'
import { outcomeTones } from './run-look.ts'

type Contact = RouteReply<typeof listContactLog>['items'][number]

const filters = ['flowId', 'memberId', 'way', 'outcome', 'month'] as const
type Chosen = Partial<Record<(typeof filters)[number], string>>

/** Every contact with customers: when, with whom, by whom, of which flow, and what came of it. */
export function ContactLog() {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const [chosen, setChosen] = useState<Chosen>({})
  const flows = useRoute(listFlows, { query: {} }).data?.items
  const members = useAllMembers()
  const { way, outcome, ...rest } = chosen
  const { rows, problem, retry, more } = useRoutePages(listContactLog, {
    query: {
      ...rest,
      way: contactWays.find(each => each === way),
      outcome: contactOutcomes.find(each => each === outcome),
      limit: 50,
    },
  })
  const columns = useContactColumns()
  const select = (name: (typeof filters)[number], label: string, any: string, options: [string, string][]) => (
    <Select
      aria-label={label}
      value={chosen[name] ?? ''}
      options={[{ value: '', label: any }, ...options.map(([value, label]) => ({ value, label }))]}
      onChange={event => {
        const { value } = event.currentTarget
        setChosen(({ [name]: _, ...others }) => (value === '' ? others : { ...others, [name]: value }))
      }}
    />
  )
  return (
    <DataTable
      id="contact-log"
      label={t('flows.contacts')}
      columns={columns}
      rows={rows}
      rowId={row => row.id}
      rowName={row => row.title}
      problem={problem ? { text: wordsOf(problem, t), retry } : undefined}
      more={more}
      tools={
        <>
          {select('month', t('flows.contacts.month'), t('flows.success.all'), monthOptions())}
          {select(
            'flowId',
            t('flows.flow'),
            t('flows.contacts.anyFlow'),
            (flows ?? []).map(flow => [flow.id, nameOf(flow, locale)]),
          )}
          {select(
            'memberId',
            t('flows.contacts.by'),
            t('flows.contacts.anyone'),
            (members ?? []).map(({ id, name }) => [id, name]),
          )}
          {select(
            'way',
            t('flows.contacts.way'),
            t('flows.contacts.anyWay'),
            contactWays.map(value => [value, t(`flows.contact.${value}`)]),
          )}
          {select(
            'outcome',
            t('flows.contacts.outcome'),
            t('flows.contacts.anyOutcome'),
            contactOutcomes.map(value => [value, t(`flows.came.${value}`)]),
          )}
          {Object.keys(chosen).length > 0 && (
            <Button size="small" kind="quiet" onClick={() => setChosen({})}>
              {t('flows.contacts.clear')}
            </Button>
          )}
        </>
      }
      empty={<EmptyState title={t('flows.contacts.none')} text={t('flows.contacts.noneText')} />}
    />
  )

  function monthOptions(): [string, string][] {
    return lastMonths(format.today(), 18).map(month => [month, format.month(`${month}-15`)])
  }
}

function useContactColumns(): Column<Contact>[] {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  return useMemo<Column<Contact>[]>(
    () => [
      {
        id: 'at',
        header: t('flows.contacts.at'),
        width: 128,
        cell: row => <time title={format.dateTime(row.at)}>{format.relative(row.at)}</time>,
      },
      {
        id: 'customer',
        header: t('flows.subject.customer'),
        clip: true,
        cell: row => (
          <span>
            {row.customerId ? (
              <Link to="/customers/$id" params={{ id: row.customerId }} className="k-link">
                {row.customerName}
              </Link>
            ) : null}{' '}
            <span className="text-t3">{row.contactName}</span>
          </span>
        ),
      },
      {
        id: 'way',
        header: t('flows.contacts.way'),
        width: 96,
        narrow: 'hide',
        cell: row => t(`flows.contact.${row.way}`),
      },
      {
        id: 'title',
        header: t('flows.contacts.title'),
        clip: true,
        cell: row => <span title={row.note ? `${row.title}: ${row.note}` : row.title}>{row.title}</span>,
      },
      {
        id: 'flow',
        header: t('flows.flow'),
        clip: true,
        narrow: 'hide',
        cell: row =>
          row.flowId && row.flowName ? (
            <Link to="/flows/$id" params={{ id: row.flowId }} search={{ tab: 'result' }} className="k-link">
              {row.flowName[locale]}
            </Link>
          ) : (
            <span className="text-t3">–</span>
          ),
      },
      {
        id: 'by',
        header: t('flows.contacts.by'),
        width: 120,
        clip: true,
        narrow: 'hide',
        cell: row => row.memberName ?? <span className="text-t3">{t('flows.contacts.product')}</span>,
      },
      {
        id: 'outcome',
        header: t('flows.contacts.outcome'),
        width: 112,
        narrow: 'hide',
        cell: row => <Outcome contact={row} />,
      },
    ],
    [t, format, locale],
  )
}

/** What came of a contact. */
export function Outcome({ contact }: { contact: Pick<Contact, 'outcome'> }): ReactNode {
  const t = useText()
  return <Badge tone={outcomeTones[contact.outcome]}>{t(`flows.came.${contact.outcome}`)}</Badge>
}
