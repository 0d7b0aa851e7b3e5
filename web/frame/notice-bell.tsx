import { lazy, Suspense, useRef, useState } from 'react'
import { countNotices } from '../../server/engage/notices/contract/counts.ts'
import { useRouteWhen } from '../api/hooks.ts'
import { useMay } from '../api/session.tsx'
import { useText } from '../i18n/provider.tsx'
import { Icon } from '../kit/icon.tsx'

const Notices = lazy(async () => ({ default: (await import('./notice-list.tsx')).Notices }))

/** What one was told: a bell with the number of unread notices; the latest of them under it. */
export function NoticeBell() {
  const t = useText()
  const may = useMay('company.read')
  const bell = useRef<HTMLButtonElement>(null)
  const [open, setOpen] = useState(false)
  const unread = useRouteWhen(may, countNotices).data?.unread ?? 0
  if (!may) return null
  return (
    <>
      <button
        type="button"
        ref={bell}
        className="k-button f-bell"
        data-kind="quiet"
        data-size="small"
        data-shape="icon"
        aria-label={t('frame.bell.open', { count: unread })}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      >
        <Icon name="bell" />
        {unread > 0 && <b aria-hidden="true">{unread > 99 ? '99+' : unread}</b>}
      </button>
      {open && bell.current && (
        <Suspense>
          <Notices anchor={bell.current} unread={unread} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
