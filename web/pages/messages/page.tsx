import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { listCampaigns } from '../../../server/engage/messages/contract/campaigns.ts'
import { readMessageSettings } from '../../../server/engage/messages/contract/settings.ts'
import { listTemplates } from '../../../server/engage/messages/contract/templates.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useRoute, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Page } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { SharedBlocks } from './shared-blocks.tsx'
import { campaignTone } from './tone.ts'
import './messages.css'

type Campaign = RouteReply<typeof listCampaigns>['items'][number]
type Template = RouteReply<typeof listTemplates>['items'][number]

const tabs = ['campaigns', 'templates', 'blocks'] as const

/** What is sent by e-mail: campaigns, the templates that they send, and the blocks that templates share. */
export function MessagesPage() {
  const t = useText()
  const navigate = useNavigate()
  const mayManage = useMay('messages.manage')
  const search = useSearch({ from: '/workspace/messages' })
  const tab = tabs.find(each => each === search.tab) ?? 'campaigns'
  const { data: settings } = useRoute(readMessageSettings)
  const isTemplates = tab === 'templates'
  return (
    <Screen
      title={t('mailing.title')}
      actions={
        <>
          <Link to="/messages/in-app" className="k-button" data-size="small">
            {t('mailing.inApp')}
          </Link>
          {mayManage && tab !== 'blocks' && (
            <Link
              to={isTemplates ? '/messages/templates/new' : '/messages/campaigns/new'}
              className="k-button"
              data-kind="primary"
              data-size="small"
            >
              <Icon name="plus" />
              <span>{t(isTemplates ? 'mailing.newTemplate' : 'mailing.newCampaign')}</span>
            </Link>
          )}
        </>
      }
    >
      <Page>
        {settings && !settings.canSend && <Note>{t('mailing.keptText')}</Note>}
        <Tabs
          label={t('mailing.title')}
          value={tab}
          onChange={next => void navigate({ to: '/messages', search: next === 'campaigns' ? {} : { tab: next } })}
          tabs={[
            { value: 'campaigns', label: t('mailing.tab.campaigns'), content: <Campaigns /> },
            { value: 'templates', label: t('mailing.tab.templates'), content: <Templates /> },
            { value: 'blocks', label: t('mailing.tab.blocks'), content: <SharedBlocks mayManage={mayManage} /> },
          ]}
        />
      </Page>
    </Screen>
  )
}

function Campaigns() {
  const t = useText()
  const format = useFormat()
  const list = useRoutePages(listCampaigns, { query: { limit: 50 } })
  const columns = useMemo<Column<Campaign>[]>(
    () => [
      {
        id: 'name',
        header: t('mailing.name'),
        clip: true,
        cell: row => (
          <Link to="/messages/campaigns/$id" params={{ id: row.id }} title={row.name}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'state',
        header: t('mailing.state'),
        width: 152,
        cell: row => <Badge tone={campaignTone[row.state]}>{t(`mailing.state.${row.state}`)}</Badge>,
      },
      ...(['audience', 'sent', 'opened', 'clicked'] as const).map(figure => ({
        id: figure,
        header: t(`mailing.figure.${figure}`),
        align: 'end' as const,
        width: 96,
        ...(figure !== 'sent' && { narrow: 'hide' as const }),
        cell: (row: Campaign) => format.number(row.figures[figure]),
      })),
      {
        id: 'created',
        header: t('mailing.created'),
        align: 'end',
        width: 152,
        narrow: 'hide',
        cell: row => format.dateTime(row.createdAt),
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      id="campaigns"
      fixed
      label={t('mailing.tab.campaigns')}
      columns={columns}
      rows={list.rows}
      rowId={row => row.id}
      rowName={row => row.name}
      more={list.more}
      problem={list.problem ? { text: wordsOf(list.problem, t), retry: list.retry } : undefined}
      empty={<EmptyState title={t('mailing.noCampaigns')} text={t('mailing.noCampaignsText')} />}
    />
  )
}

function Templates() {
  const t = useText()
  const format = useFormat()
  const { data, error, refetch } = useRoute(listTemplates, { query: {} })
  const columns = useMemo<Column<Template>[]>(
    () => [
      {
        id: 'name',
        header: t('mailing.name'),
        clip: true,
        sort: row => row.name,
        cell: row => (
          <Link to="/messages/templates/$id" params={{ id: row.id }} title={row.name}>
            {row.name}
          </Link>
        ),
      },
      {
        id: 'languages',
        header: t('mailing.languages'),
        width: 128,
        cell: row => row.languages.map(language => t(`mailing.language.${language}`)).join(' / '),
      },
      {
        id: 'version',
        header: t('mailing.version'),
        align: 'end',
        width: 80,
        narrow: 'hide',
        cell: row => format.number(row.version),
      },
      { id: 'sent', header: t('mailing.sent'), align: 'end', width: 96, cell: row => format.number(row.sent) },
      {
        id: 'updated',
        header: t('mailing.updated'),
        align: 'end',
        width: 152,
        narrow: 'hide',
        cell: row => format.dateTime(row.updatedAt),
      },
    ],
    [t, format],
  )
  return (
    <DataTable
      id="message-templates"
      fixed
      label={t('mailing.tab.templates')}
      columns={columns}
      rows={data?.items}
      rowId={row => row.id}
      rowName={row => row.name}
      problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
      empty={<EmptyState title={t('mailing.noTemplates')} text={t('mailing.noTemplatesText')} />}
    />
  )
}
