import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import {
  addReadyScoringRules,
  deleteScoringRule,
  listScoringRules,
  updateScoringRule,
} from '../../../../server/signals/scoring/contract/rules.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { useMay } from '../../../api/session.tsx'
import { useFilterFields } from '../../../features/conditions/fields.ts'
import { Points } from '../../../features/scoring/score.tsx'
import { nameOf } from '../../../i18n/name-of.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button, IconButton } from '../../../kit/button.tsx'
import { type Column, DataTable } from '../../../kit/data-table.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Icon } from '../../../kit/icon.tsx'
import { Section } from '../../../kit/layout.tsx'
import { Menu, MenuItem, MenuRule } from '../../../kit/menu.tsx'
import { toastDone } from '../../../kit/toast.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import './scoring.css'
import { ScoringSettingsForm } from './settings-form.tsx'
import { stale } from './stale.ts'
import { whenWords } from './words.ts'

type Rule = RouteReply<typeof listScoringRules>['items'][number]

/** What makes a lead worth calling: the rules, and what happens when one gets hot. */
export function ScoringPage() {
  const t = useText()
  const mayManage = useMay('leads.manage')
  return (
    <SettingsScreen
      title={t('leads.settingsTitle')}
      wide
      actions={
        <>
          <Link to="/leads" className="k-button" data-size="small">
            <span>{t('leads.title')}</span>
          </Link>
          {mayManage && (
            <Link to="/settings/scoring/new" className="k-button" data-kind="primary" data-size="small">
              <Icon name="plus" />
              <span>{t('leads.newRule')}</span>
            </Link>
          )}
        </>
      }
    >
      <Permitted permission="customers.read">
        <Section title={t('leads.rules')} note={t('leads.rulesNote')} end={mayManage && <ReadyRules />} flush>
          <RuleTable mayManage={mayManage} />
        </Section>
        <Section title={t('leads.settings')}>
          <ScoringSettingsForm mayManage={mayManage} />
        </Section>
      </Permitted>
    </SettingsScreen>
  )
}

function ReadyRules({ primary }: { primary?: boolean }) {
  const t = useText()
  const add = useCommand(addReadyScoringRules, {
    stale,
    onDone: ({ added, skipped }) => {
      const words = added.length > 0 ? t('leads.readyDone', { count: added.length }) : t('leads.readyNone')
      toastDone(skipped.length > 0 ? `${words} ${t('leads.readySkipped', { count: skipped.length })}` : words)
    },
  })
  return (
    <Button
      size={primary ? 'normal' : 'small'}
      kind={primary ? 'primary' : 'normal'}
      pending={add.pending}
      onClick={() => void add.run({}).catch(() => {})}
    >
      {t('leads.ready')}
    </Button>
  )
}

function RuleTable({ mayManage }: { mayManage: boolean }) {
  const t = useText()
  const { locale } = useLocale()
  const { data, error, refetch } = useRoute(listScoringRules)
  const [asked, setAsked] = useState<Rule>()
  const columns = useRuleColumns(mayManage, setAsked)
  const remove = useCommand(deleteScoringRule, { stale, onDone: () => toastDone(t('leads.deleted')) })
  return (
    <>
      <DataTable
        id="scoring-rules"
        fixed
        label={t('leads.rules')}
        columns={columns}
        rows={data?.items}
        rowId={row => row.id}
        rowName={row => nameOf(row, locale)}
        problem={error ? { text: wordsOf(error, t), retry: () => void refetch() } : undefined}
        empty={
          <EmptyState
            title={t('leads.noRules')}
            text={t('leads.noRulesText')}
            actions={mayManage && <ReadyRules primary />}
          />
        }
      />
      {asked && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setAsked(undefined)}
          title={t('leads.deleteTitle', { name: nameOf(asked, locale) })}
          text={t('leads.deleteText')}
          confirm={t('leads.deleteConfirm')}
          onConfirm={() => remove.run({ params: { id: asked.id } })}
        />
      )}
    </>
  )
}

function useRuleColumns(mayManage: boolean, onDelete: (rule: Rule) => void): readonly Column<Rule>[] {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const contacts = useFilterFields('contact')
  const customers = useFilterFields('customer')
  return useMemo<Column<Rule>[]>(
    () => [
      {
        id: 'name',
        header: t('leads.ruleName'),
        clip: true,
        cell: row => (
          <span title={nameOf(row, locale)}>
            {mayManage ? (
              <Link to="/settings/scoring/$id" params={{ id: row.id }} className="k-name">
                {nameOf(row, locale)}
              </Link>
            ) : (
              nameOf(row, locale)
            )}
          </span>
        ),
      },
      {
        id: 'points',
        header: t('leads.points'),
        align: 'end',
        width: 72,
        cell: row => <Points points={row.points} />,
      },
      {
        id: 'part',
        header: t('leads.part'),
        width: 112,
        narrow: 'hide',
        cell: row => (
          <span>
            <span className="g-key" data-part={row.part} />
            {t(`leads.part.${row.part}`)}
          </span>
        ),
      },
      {
        id: 'when',
        header: t('leads.when'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const text = row.fault
            ? t('leads.faulty', { fault: row.fault })
            : whenWords(row.when, { t, format, fields: [...contacts, ...customers] })
          return (
            <span className={row.fault ? 'text-red' : 'text-t2'} title={text}>
              {text}
            </span>
          )
        },
      },
      {
        id: 'leads',
        header: t('leads.leads'),
        align: 'end',
        width: 96,
        narrow: 'hide',
        cell: row => format.number(row.leads),
      },
      {
        id: 'state',
        header: t('leads.state'),
        width: 96,
        cell: row => (
          <Badge tone={row.fault ? 'red' : row.state === 'enabled' ? 'green' : 'yellow'}>
            {t(`leads.state.${row.state}`)}
          </Badge>
        ),
      },
      ...(mayManage
        ? [
            {
              id: 'actions',
              header: t('leads.edit'),
              actions: true,
              align: 'end' as const,
              width: 40,
              cell: (row: Rule) => <RuleMenu rule={row} onDelete={() => onDelete(row)} />,
            },
          ]
        : []),
    ],
    [t, format, locale, contacts, customers, mayManage, onDelete],
  )
}

function RuleMenu({ rule, onDelete }: { rule: Rule; onDelete: () => void }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const update = useCommand(updateScoringRule, { stale, onDone: () => toastDone(t('leads.changed')) })
  const params = { id: rule.id }
  const set = (state: 'enabled' | 'paused') => void update.run({ params, body: { state } }).catch(() => {})
  return (
    <Menu trigger={<IconButton icon="more" label={t('leads.actions', { name: nameOf(rule, locale) })} />}>
      <MenuItem icon="note" onSelect={() => void navigate({ to: '/settings/scoring/$id', params })}>
        {t('leads.edit')}
      </MenuItem>
      {rule.state === 'enabled' ? (
        <MenuItem icon="pause" onSelect={() => set('paused')}>
          {t('leads.pause')}
        </MenuItem>
      ) : (
        <MenuItem icon="play" onSelect={() => set('enabled')}>
          {t('leads.enable')}
        </MenuItem>
      )}
      <MenuRule />
      <MenuItem icon="trash" tone="danger" onSelect={onDelete}>
        {t('leads.delete')}
      </MenuItem>
    </Menu>
  )
}
