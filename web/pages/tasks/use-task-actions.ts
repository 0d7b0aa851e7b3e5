import { completeTask, reopenTask, type Task, updateTask } from '../../../server/engage/tasks/contract/tasks.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** What a change of a task makes stale. */
export const staleTasks = ['/api/v1/tasks', '/api/v1/customers/:id/timeline']

/** Completes tasks and changes them; what was done can be taken back. */
export function useTaskActions() {
  const t = useText()
  const completing = useCommand(completeTask, { stale: staleTasks })
  const reopening = useCommand(reopenTask, { stale: staleTasks })
  const changing = useCommand(updateTask, { stale: staleTasks })
  const reopen = (id: string) => reopening.run({ params: { id } }).catch(() => {})
  return {
    async complete({ id, title }: Pick<Task, 'id' | 'title'>): Promise<void> {
      if (completing.pending) return
      await completing.run({ params: { id } }).then(
        ({ nextId }) =>
          toastDone(t(nextId ? 'tasks.doneRepeats' : 'tasks.doneToast', { title }), { undo: () => void reopen(id) }),
        () => {},
      )
    },
    reopen,
    /** Changes one; a failure is told and nothing else happens. */
    async change(id: string, body: Parameters<typeof changing.run>[0]['body']): Promise<void> {
      await changing.run({ params: { id }, body }).catch(() => {})
    },
    /** Changes one, for a dialog that shows the failure itself. */
    changeNow: (id: string, body: Parameters<typeof changing.run>[0]['body']) => changing.run({ params: { id }, body }),
    pending: completing.pending || reopening.pending || changing.pending,
  }
}
