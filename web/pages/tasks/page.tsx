import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { countTasks } from '../../../server/engage/tasks/contract/counts.ts'
import { useRoute } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { Screen } from '../../frame/screen.tsx'
import { useText } from '../../i18n/provider.tsx'
import { Button, IconButton, Segments } from '../../kit/button.tsx'
import { Page } from '../../kit/layout.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { useShortcut } from '../../kit/shortcuts.tsx'
import { Board } from './board.tsx'
import { BulkCreateDialog } from './bulk-create-dialog.tsx'
import { CalendarDialog } from './calendar-dialog.tsx'
import { TaskList } from './list.tsx'
import { MyDay } from './my-day.tsx'
import { type TasksSearch, taskViews } from './search.ts'
import { SettingsDialog } from './settings-dialog.tsx'
import { TaskDialog } from './task-dialog.tsx'
import { TaskPanel } from './task-panel.tsx'
import './tasks-page.css'

type Asked = 'new' | 'bulk' | 'calendar' | 'settings'

/** What there is to do: one's own day, the list of all, the board. */
export function TasksPage() {
  const t = useText()
  const navigate = useNavigate()
  const search = useSearch({ from: '/workspace/tasks' })
  const mayHandle = useMay('tasks.handle')
  const mayManage = useMay('alerts.manage')
  const [asked, setAsked] = useState<Asked>()
  const counts = useRoute(countTasks).data
  const { view = 'day' } = search
  const change = (next: TasksSearch) => void navigate({ to: '/tasks', search: next, replace: true })
  const open = (id: string | undefined) => change({ ...search, open: id })
  const ask = (what: Asked) => mayHandle && setAsked(what)
  useShortcut('n', t('tasks.new'), 'general', () => ask('new'))
  const create = () => ask('new')
  return (
    <Screen
      title={t('tasks.title')}
      actions={
        <>
          {mayHandle && (
            <Button kind="primary" size="small" icon="plus" onClick={create}>
              {t('tasks.new')}
            </Button>
          )}
          <Menu trigger={<IconButton icon="more" label={t('tasks.more')} />}>
            {mayHandle && (
              <MenuItem icon="users" onSelect={() => setAsked('bulk')}>
                {t('tasks.bulk.menu')}
              </MenuItem>
            )}
            <MenuItem icon="calendar" onSelect={() => setAsked('calendar')}>
              {t('tasks.calendar.menu')}
            </MenuItem>
            {mayManage && (
              <MenuItem icon="settings" onSelect={() => setAsked('settings')}>
                {t('tasks.settings.menu')}
              </MenuItem>
            )}
          </Menu>
        </>
      }
    >
      <Page>
        <div className="tp-head">
          <Segments
            label={t('tasks.view')}
            value={view}
            size="small"
            onChange={next => change({ ...search, view: next === 'day' ? undefined : next })}
            options={taskViews.map(value => ({ value, label: t(`tasks.view.${value}`) }))}
          />
          {counts && (
            <p className="text-t3" role="status">
              {t('tasks.summary', { own: counts.own, late: counts.ownLate, today: counts.ownToday })}
            </p>
          )}
        </div>
        {view === 'day' && <MyDay counts={counts} onOpen={open} onCreate={mayHandle ? create : undefined} />}
        {view === 'list' && <TaskList search={search} onChange={change} onOpen={open} onCreate={create} />}
        {view === 'board' && <Board search={search} onChange={change} onOpen={open} />}
      </Page>
      {search.open && <TaskPanel id={search.open} onClose={() => open(undefined)} />}
      {asked === 'new' && <TaskDialog onClose={() => setAsked(undefined)} />}
      {asked === 'bulk' && <BulkCreateDialog onClose={() => setAsked(undefined)} />}
      {asked === 'calendar' && <CalendarDialog onClose={() => setAsked(undefined)} />}
      {asked === 'settings' && <SettingsDialog onClose={() => setAsked(undefined)} />}
    </Screen>
  )
}
