import { Link, useRouter } from '@tanstack/react-router'
import { listNotices, readNotices } from '../../server/engage/notices/contract/inbox.ts'
import type { RouteReply } from '../../server/platform/http/contract.ts'
import { useCommand, useRoute } from '../api/hooks.ts'
import { useFormat, useLocale, useText } from '../i18n/provider.tsx'
import { AnchoredPopover } from '../kit/popover.tsx'
import { SkeletonRows } from '../kit/skeleton.tsx'
import './notices.css'

type Notice = RouteReply<typeof listNotices>['items'][number]

const shown = 20

interface NoticesProps {
  anchor: HTMLElement
  unread: number
  onClose: () => void
}

/** The latest notices, under the bell. */
export function Notices({ anchor, unread, onClose }: NoticesProps) {
  const t = useText()
  return (
    <AnchoredPopover anchor={anchor} label={t('frame.bell.title')} onClose={onClose} flush>
      <NoticeList unread={unread} onClose={onClose} />
    </AnchoredPopover>
  )
}

function NoticeList({ unread, onClose }: { unread: number; onClose: () => void }) {
  const t = useText()
  const { data } = useRoute(listNotices, { query: { limit: shown } })
  const read = useCommand(readNotices, { stale: ['/api/v1/notices'] })
  return (
    <div className="f-notices">
      <div data-line="first">
        <h2>{t('frame.bell.title')}</h2>
        {unread > 0 && (
          <button type="button" className="k-link" onClick={() => void read.run({ body: {} }).catch(() => {})}>
            {t('frame.bell.readAll')}
          </button>
        )}
      </div>
      {data === undefined ? (
        <SkeletonRows rows={4} />
      ) : data.items.length === 0 ? (
        <div className="f-no-notice">
          <strong>{t('frame.bell.none')}</strong>
          <p className="text-t3">{t('frame.bell.noneText')}</p>
        </div>
      ) : (
        <ul>
          {data.items.map(notice => (
            <NoticeLine
              key={notice.id}
              notice={notice}
              onOpen={() => {
                if (!notice.readAt) void read.run({ body: { ids: [notice.id] } }).catch(() => {})
                onClose()
              }}
            />
          ))}
        </ul>
      )}
      <div data-line="last">
        <Link to="/settings/notifications" className="k-link" onClick={onClose}>
          {t('frame.bell.choose')}
        </Link>
      </div>
    </div>
  )
}

function NoticeLine({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const t = useText()
  const format = useFormat()
  const router = useRouter()
  const { locale } = useLocale()
  return (
    <li data-unread={!notice.readAt || undefined}>
      <a
        href={notice.link}
        onClick={event => {
          if (event.metaKey || event.ctrlKey) return
          event.preventDefault()
          onOpen()
          router.history.push(notice.link)
        }}
      >
        <strong>
          {!notice.readAt && <span className="k-hidden">{t('frame.bell.unread')}: </span>}
          {notice.title[locale]}
        </strong>
        <time className="text-t3" title={format.dateTime(notice.createdAt)}>
          {format.relative(notice.createdAt)}
        </time>
        <span>{notice.text[locale]}</span>
      </a>
    </li>
  )
}
