import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { changeFlowState, getFlow, rotateFlowHook } from '../../../server/engage/flows/contract/flows.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { IconButton } from '../../kit/button.tsx'
import { CopyOnce } from '../../kit/copy-once.tsx'
import { ConfirmDialog, Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Page } from '../../kit/layout.tsx'
import { Menu, MenuItem, MenuRule } from '../../kit/menu.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { Editor } from './editor.tsx'
import './flows.css'
import { Result } from './result.tsx'
import { Runs } from './runs.tsx'
import { type FlowTab, flowSearchOf, flowTabs } from './search.ts'
import { Versions } from './versions.tsx'
import { staleFlows, stateTones, type WholeFlow } from './whole-flow.ts'

/** One flow: how it is built, who is in it, what it achieved, its versions. */
export function FlowPage() {
  const t = useText()
  const { locale } = useLocale()
  const { id } = useParams({ from: '/workspace/flows/$id' })
  const { tab = 'design' } = flowSearchOf({ ...useSearch({ from: '/workspace/flows/$id' }) })
  const navigate = useNavigate()
  const mayManage = useMay('flows.manage')
  const { data, error } = useRoute(getFlow, { params: { id } })
  const flow = data?.id === id ? data : undefined
  const title = flow ? nameOf(flow, locale) : t('flows.flow')
  const content = (value: FlowTab, whole: WholeFlow) => {
    if (value === 'design')
      return <Editor key={whole.id} flow={whole} mayManage={mayManage && whole.state !== 'archived'} />
    if (value === 'runs') return <Runs flow={whole} />
    if (value === 'result') return <Result flow={whole} />
    return <Versions flow={whole} />
  }
  return (
    <Screen
      title={title}
      crumbs={[{ label: t('flows.flows'), to: '/flows' }]}
      actions={
        flow && (
          <>
            <Badge tone={stateTones[flow.state]}>{t(`flows.state.${flow.state}`)}</Badge>
            {mayManage && <FlowMenu flow={flow} />}
          </>
        )
      }
    >
      <Page>
        {error && !flow ? (
          <EmptyState title={t('flows.flow')} text={wordsOf(error, t)} />
        ) : flow ? (
          <>
            {flow.fault && <Note tone="red">{flow.fault[locale]}</Note>}
            <Tabs
              label={title}
              value={tab}
              onChange={next =>
                void navigate({ to: '/flows/$id', params: { id }, search: { tab: next }, replace: true })
              }
              tabs={flowTabs.map(value => ({
                value,
                label: t(`flows.tab.${value}`),
                ...(value === 'runs' && flow.active > 0 && { count: String(flow.active) }),
                content: value === tab ? content(value, flow) : null,
              }))}
            />
          </>
        ) : (
          <SkeletonRows rows={10} />
        )}
      </Page>
    </Screen>
  )
}

function FlowMenu({ flow }: { flow: WholeFlow }) {
  const t = useText()
  const { locale } = useLocale()
  const [archiving, setArchiving] = useState(false)
  const [hook, setHook] = useState<string>()
  const change = useCommand(changeFlowState, { stale: staleFlows })
  const rotate = useCommand(rotateFlowHook, { stale: staleFlows, onDone: ({ path }) => setHook(path) })
  const set = (to: 'enabled' | 'paused' | 'archived' | 'draft') =>
    change.run({ params: { id: flow.id }, body: { to } }).then(() => toastDone(t(`flows.changedTo.${to}`)))
  return (
    <>
      <Menu trigger={<IconButton icon="more" label={t('flows.actions')} />}>
        {flow.state === 'enabled' && (
          <MenuItem icon="pause" onSelect={() => void set('paused').catch(() => {})}>
            {t('flows.pause')}
          </MenuItem>
        )}
        {flow.state === 'paused' && (
          <MenuItem icon="play" onSelect={() => void set('enabled').catch(() => {})}>
            {t('flows.resume')}
          </MenuItem>
        )}
        {flow.document.triggers.some(({ kind }) => kind === 'webhook') && (
          <MenuItem icon="key" onSelect={() => void rotate.run({ params: { id: flow.id } }).catch(() => {})}>
            {t('flows.hook')}
          </MenuItem>
        )}
        {flow.state !== 'archived' && flow.version !== null && (
          <>
            <MenuRule />
            <MenuItem icon="inbox" onSelect={() => setArchiving(true)}>
              {t('flows.archive')}
            </MenuItem>
          </>
        )}
      </Menu>
      {archiving && (
        <ConfirmDialog
          open
          destroys
          onClose={() => setArchiving(false)}
          title={t('flows.archiveTitle', { name: nameOf(flow, locale) })}
          text={t('flows.archiveText', { count: flow.active })}
          confirm={t('flows.archiveNow')}
          onConfirm={() => set('archived')}
        />
      )}
      {hook !== undefined && (
        <Dialog open onClose={() => setHook(undefined)} title={t('flows.hookTitle')} text={t('flows.hookText')}>
          <CopyOnce label={t('flows.hookTitle')} value={`${location.origin}${hook}`} />
        </Dialog>
      )}
    </>
  )
}
