import { useState } from 'react'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import {
  listMySessions,
  revokeMyOtherSessions,
  revokeMySession,
} from '../../../../server/platform/identity/contract/account.ts'
import { useCommand, useRoute, wordsOf } from '../../../api/hooks.ts'
import { deviceOf } from '../../../features/identity/device.ts'
import { useFormat, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button } from '../../../kit/button.tsx'
import { ConfirmDialog } from '../../../kit/dialog.tsx'
import { Section } from '../../../kit/layout.tsx'
import { Note } from '../../../kit/note.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { toastDone } from '../../../kit/toast.tsx'

type OwnSession = RouteReply<typeof listMySessions>['items'][number]

const stale = ['/api/v1/me/sessions']

/** Where one is signed in, and the way to end it. */
export function Sessions() {
  const t = useText()
  const sessions = useRoute(listMySessions)
  const [asking, setAsking] = useState(false)
  const revokeOthers = useCommand(revokeMyOtherSessions, {
    stale,
    onDone: () => toastDone(t('security.sessions.othersDone')),
  })
  const others = sessions.data?.items.filter(each => !each.current).length ?? 0

  return (
    <Section
      title={t('security.sessions')}
      flush
      end={
        others > 0 && (
          <Button size="small" kind="danger" onClick={() => setAsking(true)}>
            {t('security.sessions.others')}
          </Button>
        )
      }
    >
      {sessions.error && !sessions.data ? (
        <div className="pt-4">
          <Note tone="red">
            {wordsOf(sessions.error, t)}{' '}
            <button type="button" className="k-link" onClick={() => void sessions.refetch()}>
              {t('kit.table.retry')}
            </button>
          </Note>
        </div>
      ) : sessions.data ? (
        <ul className="s-list">
          {sessions.data.items.map(session => (
            <SessionLine key={session.id} session={session} />
          ))}
        </ul>
      ) : (
        <SkeletonRows rows={2} />
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t('security.sessions.othersTitle', { count: others })}
        text={t('security.sessions.othersText')}
        confirm={t('security.sessions.othersConfirm', { count: others })}
        onConfirm={() => revokeOthers.run({})}
      />
    </Section>
  )
}

function SessionLine({ session }: { session: OwnSession }) {
  const t = useText()
  const format = useFormat()
  const device = deviceOf(session.userAgent).join(' · ') || t('security.sessions.unknown')
  const revoke = useCommand(revokeMySession, {
    stale,
    onDone: () => toastDone(t('security.sessions.revoked', { device })),
  })
  return (
    <li>
      <div>
        <p className="flex flex-wrap items-center gap-x-3" title={session.userAgent}>
          <strong>{device}</strong>
          {session.current && <Badge tone="accent">{t('security.sessions.current')}</Badge>}
        </p>
        <p className="text-12 text-t3">
          {t('security.sessions.meta', {
            seen: format.relative(session.lastSeenAt),
            since: format.dateTime(session.createdAt),
            network: session.network || '–',
          })}
        </p>
      </div>
      {!session.current && (
        <Button
          size="small"
          pending={revoke.pending}
          aria-label={t('security.sessions.revoke', { device })}
          onClick={() => revoke.run({ params: { id: session.id } }).catch(() => {})}
        >
          {t('security.sessions.revokeShort')}
        </Button>
      )}
    </li>
  )
}
