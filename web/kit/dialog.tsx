import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { useText } from '../i18n/provider.tsx'
import { Button, IconButton } from './button.tsx'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  /** What it is about, read out with the title. */
  text?: ReactNode
  size?: 'normal' | 'wide'
  /** `drawer` comes from the right edge and leaves the page in sight. */
  place?: 'center' | 'drawer'
  /** Buttons; leave out where a Form in the body brings its own. */
  foot?: ReactNode
  children?: ReactNode
}

/** The first field takes the focus, else the dialog itself; not the closing sign, which comes first in the page. */
function focusFirstField(event: Event) {
  event.preventDefault()
  const dialog = event.currentTarget
  if (!(dialog instanceof HTMLElement)) return
  const field = dialog.querySelector<HTMLElement>('.k-dialog-body :is(input, select, textarea):not(:disabled)')
  ;(field ?? dialog).focus()
}

/** A step that must be done or left before the page goes on. Escape and the veil leave it. */
export function Dialog({ open, onClose, title, text, size = 'normal', place = 'center', foot, children }: DialogProps) {
  const t = useText()
  return (
    <Radix.Root open={open} onOpenChange={next => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="k-veil" />
        <Radix.Content
          className={`k-float ${place === 'drawer' ? 'k-drawer' : 'k-dialog'}`}
          data-size={size}
          onOpenAutoFocus={focusFirstField}
          {...(text ? {} : { 'aria-describedby': undefined })}
        >
          <header className="k-dialog-head">
            <Radix.Title>{title}</Radix.Title>
            <Radix.Close asChild>
              <IconButton icon="close" label={t('kit.close')} />
            </Radix.Close>
          </header>
          <div className="k-dialog-body">
            {text && (
              <Radix.Description asChild>
                <div className="k-dialog-text">{text}</div>
              </Radix.Description>
            )}
            {children && <div>{children}</div>}
          </div>
          {foot && <footer className="k-dialog-foot">{foot}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** A dialog at the right edge, for details and editing beside a list. */
export function Drawer(props: Omit<DialogProps, 'place'>) {
  return <Dialog {...props} place="drawer" />
}

interface ConfirmDialogProps {
  open: boolean
  onClose: () => void
  /** A question with the count in it. */
  title: string
  /** What will happen to what, and whether it can be undone. */
  text: ReactNode
  /** Verb + object + count. */
  confirm: string
  destroys?: boolean
  /** Closes when it is through; stays open, with the toast of the failure over it, when it fails. */
  onConfirm: () => Promise<unknown>
}

/** Asks before something that is hard to take back. The harmless button has the focus. */
export function ConfirmDialog({ open, onClose, title, text, confirm, destroys, onConfirm }: ConfirmDialogProps) {
  const t = useText()
  const [pending, setPending] = useState(false)
  const run = async () => {
    setPending(true)
    const done = await onConfirm().then(
      () => true,
      () => false,
    )
    setPending(false)
    if (done) onClose()
  }
  return (
    <Radix.Root open={open} onOpenChange={next => !next && !pending && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="k-veil" />
        <Radix.Content className="k-float k-dialog" role="alertdialog">
          <header className="k-dialog-head">
            <Radix.Title>{title}</Radix.Title>
          </header>
          <div className="k-dialog-body">
            <Radix.Description asChild>
              <div className="k-dialog-text">{text}</div>
            </Radix.Description>
          </div>
          <footer className="k-dialog-foot">
            <Button kind="quiet" onClick={onClose}>
              {t('kit.cancel')}
            </Button>
            <Button kind={destroys ? 'destroy' : 'primary'} pending={pending} onClick={run}>
              {confirm}
            </Button>
          </footer>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
