import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { deleteScorecard, updateScorecard } from '../../../server/signals/scorecards/contract/cards.ts'
import { useCommand } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { ConfirmDialog, Dialog } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Menu, MenuItem } from '../../kit/menu.tsx'
import type { Scorecard } from './scorecard.ts'
import { WhomDialog } from './whom-dialog.tsx'

const stale = ['/api/v1/health']

/** What can be done with a scorecard as a whole: rename, archive, enable again, delete. */
export function CardActions({ card }: { card: Scorecard }) {
  const t = useText()
  const { locale } = useLocale()
  const navigate = useNavigate()
  const mayManage = useMay('health.manage')
  const [open, setOpen] = useState<'rename' | 'whom' | 'archive' | 'delete'>()
  const update = useCommand(updateScorecard, { stale })
  const remove = useCommand(deleteScorecard, { stale })
  if (!mayManage) return null
  const params = { id: card.id }
  const name = nameOf(card, locale)
  const close = () => setOpen(undefined)
  return (
    <>
      <Menu
        trigger={
          <Button size="small" icon="more">
            {t('kit.more')}
          </Button>
        }
      >
        <MenuItem icon="note" onSelect={() => setOpen('rename')}>
          {t('scorecards.card.rename')}
        </MenuItem>
        <MenuItem icon="filter" onSelect={() => setOpen('whom')}>
          {t('scorecards.card.changeWhom')}
        </MenuItem>
        {card.state === 'enabled' && (
          <MenuItem icon="pause" onSelect={() => setOpen('archive')}>
            {t('scorecards.card.archive')}
          </MenuItem>
        )}
        {card.state === 'archived' && card.version > 0 && (
          <MenuItem
            icon="play"
            onSelect={() => void update.run({ params, body: { state: 'enabled' } }).catch(() => {})}
          >
            {t('scorecards.card.enable')}
          </MenuItem>
        )}
        {card.state !== 'enabled' && (
          <MenuItem icon="trash" tone="danger" onSelect={() => setOpen('delete')}>
            {t('scorecards.card.delete')}
          </MenuItem>
        )}
      </Menu>
      {open === 'rename' && (
        <Dialog open onClose={close} title={t('scorecards.card.rename')}>
          <Form
            submit={t('scorecards.card.renameSubmit')}
            onCancel={close}
            onSubmit={async values => {
              await update.run({ params, body: { nameJa: values.text('nameJa'), nameEn: values.text('nameEn') } })
              close()
            }}
          >
            <Field label={t('scorecards.nameJa')} name="nameJa" required>
              <TextInput maxLength={100} defaultValue={card.nameJa} />
            </Field>
            <Field label={t('scorecards.nameEn')} name="nameEn" required>
              <TextInput maxLength={100} defaultValue={card.nameEn} />
            </Field>
          </Form>
        </Dialog>
      )}
      {open === 'whom' && <WhomDialog card={card} onClose={close} />}
      <ConfirmDialog
        open={open === 'archive'}
        onClose={close}
        title={t('scorecards.card.archiveTitle', { name })}
        text={t('scorecards.card.archiveText', { count: card.customers })}
        confirm={t('scorecards.card.archive')}
        onConfirm={() => update.run({ params, body: { state: 'archived' } })}
      />
      <ConfirmDialog
        open={open === 'delete'}
        onClose={close}
        destroys
        title={t('scorecards.card.deleteTitle', { name })}
        text={t('scorecards.card.deleteText')}
        confirm={t('scorecards.card.delete')}
        onConfirm={async () => {
          await remove.run({ params })
          await navigate({ to: '/health/scorecards' })
        }}
      />
    </>
  )
}
