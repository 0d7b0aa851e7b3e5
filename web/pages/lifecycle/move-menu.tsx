import { useState } from 'react'
import { useMay } from '../../api/session.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import { MoveDialog } from './move-dialog.tsx'
import type { Stage } from './stages.ts'

interface MoveMenuProps {
  contact: { id: string; name: string }
  stages: readonly Stage[]
  stageId: string | null
  /** With words, where there is room. */
  wide?: boolean
}

/** Whether the person may move a contact: as whoever writes to customers; a lead without one also as who looks after leads. */
export function useMayMove(): (contact: { customerId: string | null }) => boolean {
  const mayWrite = useMay('customers.write')
  const mayManage = useMay('leads.manage')
  return contact => mayWrite || (mayManage && contact.customerId === null)
}

/** The stages to which a lead can be moved by hand. */
export function MoveMenu({ contact, stages, stageId, wide }: MoveMenuProps) {
  const t = useText()
  const { locale } = useLocale()
  const [to, setTo] = useState<Stage>()
  const label = t('lifecycle.move', { name: contact.name })
  return (
    <>
      <Menu
        trigger={
          wide ? (
            <Button size="small" aria-label={label}>
              {t('lifecycle.contact.move')}
            </Button>
          ) : (
            <IconButton icon="right" label={label} />
          )
        }
      >
        {stages
          .filter(({ id }) => id !== stageId)
          .map(stage => (
            <MenuItem key={stage.id} onSelect={() => setTo(stage)}>
              {t('lifecycle.moveTo', { stage: nameOf(stage, locale) })}
            </MenuItem>
          ))}
      </Menu>
      {to && (
        <MoveDialog
          contact={contact}
          from={stages.find(({ id }) => id === stageId)}
          to={to}
          onClose={() => setTo(undefined)}
        />
      )}
    </>
  )
}
