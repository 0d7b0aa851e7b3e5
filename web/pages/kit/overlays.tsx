import { useState } from 'react'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { ConfirmDialog, Dialog, Drawer } from '../../kit/dialog.tsx'
import { Field, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Pairs, Section } from '../../kit/layout.tsx'
import { Menu, MenuItem, MenuRule } from '../../kit/menu.tsx'
import { Note } from '../../kit/note.tsx'
import { Popover } from '../../kit/popover.tsx'
import { toastDone, toastFailed } from '../../kit/toast.tsx'

export function NotePart() {
  const t = useText()
  return (
    <Section title={t('gallery.notes')}>
      <div className="grid gap-3">
        <Note>
          {t('gallery.notes.info')}{' '}
          <button type="button" className="k-link">
            {t('gallery.notes.link')}
          </button>
        </Note>
        <Note tone="orange">{t('gallery.notes.orange')}</Note>
        <Note tone="red">{t('gallery.notes.red')}</Note>
        <Note tone="green">{t('gallery.notes.green')}</Note>
      </div>
    </Section>
  )
}

export function ToastPart() {
  const t = useText()
  const undone = () => toastDone(t('gallery.ownerRestored'))
  return (
    <Section title={t('gallery.toasts')}>
      <div className="g-row">
        <Button onClick={() => toastDone(t('gallery.notes.green'))}>{t('gallery.toasts.done')}</Button>
        <Button onClick={() => toastDone(t('gallery.ownerChanged', { count: 3 }), { undo: undone })}>
          {t('gallery.toasts.undo')}
        </Button>
        <Button onClick={() => toastFailed(t('kit.form.failed'), { retry: undone })}>
          {t('gallery.toasts.failed')}
        </Button>
      </div>
    </Section>
  )
}

export function FloatingPart() {
  const t = useText()
  const format = useFormat()
  const [open, setOpen] = useState<'dialog' | 'drawer' | 'confirm' | null>(null)
  const close = () => setOpen(null)
  const form = (
    <Form submit={t('gallery.save')} onSubmit={async () => close()} onCancel={close}>
      <Field label={t('gallery.name')} name="name" required>
        <TextInput />
      </Field>
    </Form>
  )
  return (
    <Section title={t('gallery.floating')}>
      <div className="g-row">
        <Button onClick={() => setOpen('dialog')}>{t('gallery.floating.dialog')}</Button>
        <Button onClick={() => setOpen('drawer')}>{t('gallery.floating.drawer')}</Button>
        <Button onClick={() => setOpen('confirm')}>{t('gallery.floating.confirm')}</Button>
        <Menu trigger={<Button icon="chevron-down">{t('gallery.floating.menu')}</Button>}>
          <MenuItem icon="user" keys="a" onSelect={() => {}}>
            {t('gallery.menu.owner')}
          </MenuItem>
          <MenuItem icon="tag" keys="t" onSelect={() => {}}>
            {t('gallery.menu.tags')}
          </MenuItem>
          <MenuItem icon="pause" disabled onSelect={() => {}}>
            {t('gallery.menu.pause')}
          </MenuItem>
          <MenuRule />
          <MenuItem icon="trash" tone="danger" onSelect={() => {}}>
            {t('gallery.menu.archive')}
          </MenuItem>
        </Menu>
        <Popover label={t('gallery.loss')} trigger={<Button>{t('gallery.floating.popover')}</Button>}>
          <strong>
            {t('gallery.loss')} {format.money(31_490_000, 'JPY')}
          </strong>
          <p className="text-12 text-t2 mt-2 mb-3">{t('gallery.loss.text')}</p>
          <div className="text-12">
            <Pairs
              pairs={[
                [t('gallery.loss.computed'), format.dateTime('2026-11-19T21:04:00Z')],
                [t('gallery.loss.rows'), '4'],
              ]}
            />
          </div>
        </Popover>
        <IconButton icon="info" label={t('gallery.buttons.note')} keys="?" />
      </div>
      <Dialog open={open === 'dialog'} onClose={close} title={t('gallery.fields')} text={t('gallery.merge.text')}>
        {form}
      </Dialog>
      <Drawer
        open={open === 'drawer'}
        onClose={close}
        title={t('gallery.fields')}
        foot={<Button onClick={close}>{t('kit.close')}</Button>}
      >
        {form}
      </Drawer>
      <ConfirmDialog
        open={open === 'confirm'}
        onClose={close}
        title={t('gallery.merge.title')}
        text={t('gallery.merge.text')}
        confirm={t('gallery.merge.confirm')}
        onConfirm={() => new Promise(resolve => setTimeout(resolve, 500))}
      />
    </Section>
  )
}
