import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { decideRequest, listRequests } from '../../../server/engage/flows/contract/enrolments.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, Textarea } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'

type Line = RouteReply<typeof listRequests>['items'][number]

/** What flows wait for people to decide: the earliest due first. @param first the one that a notice led to, marked */
export function Requests({ first }: { first: string | undefined }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { rows, problem, more } = useRoutePages(listRequests, {
    query: { view: 'waiting', kind: 'approval', limit: 50 },
  })
  const [asked, setAsked] = useState<{ line: Line; approve: boolean }>()
  if (problem && !rows) return <EmptyState title={t('flows.requests')} text={wordsOf(problem, t)} />
  if (!rows) return <SkeletonRows rows={5} />
  if (rows.length === 0) return <EmptyState title={t('flows.noRequests')} text={t('flows.noRequestsText')} />
  return (
    <>
      <ul className="fl-requests">
        {rows.map(line => (
          <li key={line.id} data-asked={line.id === first || undefined}>
            <div>
              <p>{line.question}</p>
              <p className="text-t3">
                {line.subjectName} ·{' '}
                <Link to="/flows/$id" params={{ id: line.flowId }} className="k-link">
                  {line.flowName[locale]}
                </Link>{' '}
                · {t('flows.askedAt', { when: format.relative(line.askedAt) })}
              </p>
            </div>
            <Badge tone={Date.parse(line.dueAt) < Date.now() ? 'red' : 'line'} icon="clock">
              {t('flows.dueAt', { when: format.relative(line.dueAt) })}
            </Badge>
            {line.mayDecide && (
              <span className="fl-states">
                <Button size="small" kind="primary" onClick={() => setAsked({ line, approve: true })}>
                  {t('flows.approve')}
                </Button>
                <Button size="small" onClick={() => setAsked({ line, approve: false })}>
                  {t('flows.refuse')}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {more && (
        <Button size="small" kind="quiet" pending={more.pending} onClick={more.load}>
          {t('tasks.loadMore')}
        </Button>
      )}
      {asked && <DecisionDialog {...asked} onClose={() => setAsked(undefined)} />}
    </>
  )
}

function DecisionDialog({ line, approve, onClose }: { line: Line; approve: boolean; onClose: () => void }) {
  const t = useText()
  const decide = useCommand(decideRequest, { quiet: true, stale: ['/api/v1/flow'] })
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(approve ? 'flows.approveTitle' : 'flows.refuseTitle', { name: line.subjectName })}
      text={line.question}
    >
      <Form
        submit={t(approve ? 'flows.approve' : 'flows.refuse')}
        onCancel={onClose}
        onSubmit={async values => {
          await decide.run({ params: { id: line.id }, body: { approve, note: values.text('note') } })
          toastDone(t(approve ? 'flows.approved' : 'flows.refused'))
          onClose()
        }}
      >
        <Field label={t('flows.note')} name="note">
          <Textarea rows={3} maxLength={2_000} />
        </Field>
      </Form>
    </Dialog>
  )
}
