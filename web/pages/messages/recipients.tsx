import { Link } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { type getCampaign, listMessages, messageDeeds } from '../../../server/engage/messages/contract/campaigns.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { invalidate, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, Select } from '../../kit/field.tsx'

type Campaign = RouteReply<typeof getCampaign>
type Recipient = RouteReply<typeof listMessages>['items'][number]

const states = ['accepted', 'suppressed', 'pending', 'failed', 'uncertain', 'kept'] as const

/** Who a campaign is for, and what became of each message; follows while it moves. */
export function Recipients({ campaign }: { campaign: Campaign }) {
  const t = useText()
  const format = useFormat()
  const [only, setOnly] = useState('')
  const state = states.find(each => each === only)
  const did = messageDeeds.find(each => each === only)
  const list = useRoutePages(listMessages, {
    params: { id: campaign.id },
    query: { limit: 50, ...(state && { state }), ...(did && { did }) },
  })
  const measured = campaign.goal !== null
  const { pending, sending, audience } = campaign.figures
  // What was shown when the last of them changed is old.
  const stage = `${campaign.state} ${audience} ${pending + sending}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked anew whenever the campaign has moved
  useEffect(() => void invalidate(listMessages.path), [stage])
  const columns = useMemo<Column<Recipient>[]>(
    () => [
      {
        id: 'contact',
        header: t('mailing.contact'),
        clip: true,
        cell: row => (
          <Link to="/contacts/$id" params={{ id: row.contactId }}>
            {row.contactName ?? '–'}
          </Link>
        ),
      },
      { id: 'state', header: t('mailing.state'), width: 104, cell: row => t(`mailing.message.${row.state}`) },
      {
        id: 'why',
        header: t('mailing.why'),
        clip: true,
        narrow: 'hide',
        cell: row => (
          <span title={row.lastError ?? undefined}>
            {row.reason ? t(`mailing.reason.${row.reason}` as 'mailing.reason.left') : (row.lastError ?? '')}
          </span>
        ),
      },
      ...(['acceptedAt', 'openedAt', 'clickedAt', ...(measured ? (['convertedAt'] as const) : [])] as const).map(
        field => ({
          id: field,
          header: t(
            (
              {
                acceptedAt: 'mailing.figure.sent',
                openedAt: 'mailing.figure.opened',
                clickedAt: 'mailing.figure.clicked',
                convertedAt: 'mailing.figure.converted',
              } as const
            )[field],
          ),
          align: 'end' as const,
          width: 136,
          narrow: 'hide' as const,
          cell: (row: Recipient) => (row[field] ? format.dateTime(row[field]) : <span className="text-t3">–</span>),
        }),
      ),
    ],
    [t, format, measured],
  )
  return (
    <DataTable
      id="campaign-recipients"
      fixed
      label={t('mailing.recipients')}
      columns={columns}
      rows={list.rows}
      rowId={row => row.id}
      rowName={row => row.contactName ?? ''}
      more={list.more}
      problem={list.problem ? { text: wordsOf(list.problem, t), retry: list.retry } : undefined}
      tools={
        <Field label={t('mailing.state')} labelHidden>
          <Select
            value={only}
            onChange={event => setOnly(event.currentTarget.value)}
            placeholder={t('mailing.all')}
            options={[
              ...states.map(value => ({ value, label: t(`mailing.message.${value}`) })),
              ...messageDeeds
                .filter(value => measured || value !== 'converted')
                .map(value => ({ value, label: t(`mailing.figure.${value}`) })),
            ]}
          />
        </Field>
      }
      empty={<EmptyState title={t('mailing.noRecipients')} text="" />}
    />
  )
}
