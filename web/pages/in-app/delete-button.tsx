import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { deleteInAppMessage, listInAppMessages } from '../../../server/engage/in-app/contract/messages.ts'
import { useCommand } from '../../api/hooks.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog } from '../../kit/dialog.tsx'
import { toastDone } from '../../kit/toast.tsx'

/** Deletes a message after asking, and goes back to the list. */
export function DeleteButton({ id, name }: { id: string; name: string }) {
  const t = useText()
  const navigate = useNavigate()
  const [asks, setAsks] = useState(false)
  const remove = useCommand(deleteInAppMessage, {
    stale: [listInAppMessages.path],
    onDone: () => {
      toastDone(t('inApp.deleted'))
      void navigate({ to: '/messages/in-app' })
    },
  })
  return (
    <>
      <Button kind="quiet" onClick={() => setAsks(true)}>
        {t('inApp.delete')}
      </Button>
      <ConfirmDialog
        open={asks}
        onClose={() => setAsks(false)}
        title={t('inApp.deleteTitle', { name })}
        text={t('inApp.deleteText')}
        confirm={t('inApp.delete')}
        destroys
        onConfirm={() => remove.run({ params: { id } })}
      />
    </>
  )
}
