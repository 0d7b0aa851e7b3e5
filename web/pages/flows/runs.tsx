import { useCallback, useMemo, useState } from 'react'
import {
  actOnEnrolments,
  enrol,
  enrolmentStates,
  listEnrolments,
} from '../../../server/engage/flows/contract/enrolments.ts'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { useCommand, useRoutePages, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { ContactSelect, CustomerSelect } from '../../features/record/record-select.tsx'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { type Column, DataTable } from '../../kit/data-table.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { EmptyState } from '../../kit/empty-state.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { toastDone } from '../../kit/toast.tsx'
import '../tasks/tasks.css'
import { HeldBack } from './held-back.tsx'
import { reasonWords } from './reasons.ts'
import { RunDrawer } from './run-drawer.tsx'
import { runTones } from './run-look.ts'
import { useSpeech } from './speech.ts'
import { staleFlows, type WholeFlow } from './whole-flow.ts'
import { saidTo, stepWords } from './words.ts'

type Enrolment = RouteReply<typeof listEnrolments>['items'][number]

const actions = ['pause', 'resume', 'skip', 'retry', 'cancel'] as const

/** Who is or was in the flow, where they are and why; one or many can be paused, moved on, or taken out. */
export function Runs({ flow }: { flow: WholeFlow }) {
  const t = useText()
  const format = useFormat()
  const speech = useSpeech(flow.subject)
  const mayHandle = useMay('flows.handle')
  const [state, setState] = useState<Enrolment['state']>()
  const [open, setOpen] = useState<string>()
  const [entering, setEntering] = useState(false)
  const { rows, problem, retry, more } = useRoutePages(listEnrolments, {
    query: { flowId: flow.id, limit: 50, ...(state && { state }) },
  })
  const act = useCommand(actOnEnrolments, { stale: staleFlows })
  const steps = flow.published?.steps
  const stepName = useCallback(
    (key: string) => {
      const step = steps?.find(each => each.key === key)
      return step ? (step.name ?? stepWords(step, speech)) : key
    },
    [steps, speech],
  )
  const columns = useMemo<Column<Enrolment>[]>(() => {
    return [
      {
        id: 'subject',
        header: t(`flows.subject.${flow.subject}`),
        clip: true,
        cell: row => (
          <button type="button" className="t-open" onClick={() => setOpen(row.id)}>
            {row.subjectName}
          </button>
        ),
      },
      {
        id: 'state',
        header: t('flows.state'),
        width: 112,
        cell: row => <Badge tone={runTones[row.state]}>{t(`flows.run.${row.state}`)}</Badge>,
      },
      {
        id: 'step',
        header: t('flows.where'),
        clip: true,
        narrow: 'hide',
        cell: row => {
          const text =
            row.state === 'failed'
              ? (row.fault ?? '')
              : row.step
                ? saidTo(stepName(row.step), row)
                : row.reason
                  ? reasonWords(row.reason, t)
                  : '–'
          return (
            <span title={text} className={row.state === 'failed' ? 'text-red' : undefined}>
              {text}
            </span>
          )
        },
      },
      {
        id: 'due',
        header: t('flows.due'),
        align: 'end',
        width: 120,
        narrow: 'hide',
        cell: row =>
          row.dueAt && row.state === 'active' ? (
            <time title={format.dateTime(row.dueAt)}>{format.relative(row.dueAt)}</time>
          ) : (
            <span className="text-t3">–</span>
          ),
      },
      {
        id: 'entered',
        header: t('flows.enteredAt'),
        align: 'end',
        width: 120,
        narrow: 'hide',
        cell: row => <time title={format.dateTime(row.enteredAt)}>{format.relative(row.enteredAt)}</time>,
      },
      {
        id: 'version',
        header: t('flows.versionShort'),
        align: 'end',
        width: 64,
        narrow: 'hide',
        optional: true,
        cell: row => row.version,
      },
    ]
  }, [t, format, stepName, flow.subject])
  if (flow.version === null) {
    return <EmptyState title={t('flows.neverPublished')} text={t('flows.neverPublishedText')} />
  }
  return (
    <>
      <DataTable
        id="flow-runs"
        label={t('flows.tab.runs')}
        columns={columns}
        rows={rows}
        rowId={row => row.id}
        rowName={row => row.subjectName}
        problem={problem ? { text: wordsOf(problem, t), retry } : undefined}
        {...(more && { more })}
        tools={
          <>
            <Select
              aria-label={t('flows.state')}
              value={state ?? ''}
              placeholder={t('flows.anyState')}
              options={enrolmentStates.map(value => ({ value, label: t(`flows.run.${value}`) }))}
              onChange={event => setState(enrolmentStates.find(each => each === event.currentTarget.value))}
            />
            {mayHandle && flow.state === 'enabled' && (
              <Button size="small" icon="plus" onClick={() => setEntering(true)}>
                {t('flows.enrol')}
              </Button>
            )}
          </>
        }
        {...(mayHandle && {
          bulk: (ids: readonly string[], clear: () => void) => (
            <>
              {actions.map(action => (
                <Button
                  key={action}
                  size="small"
                  kind={action === 'cancel' ? 'danger' : 'normal'}
                  pending={act.pending}
                  onClick={() =>
                    void act.run({ body: { action, ids: [...ids] } }).then(
                      ({ changed, skipped }) => {
                        toastDone(t('flows.acted', { changed, skipped }))
                        clear()
                      },
                      () => {},
                    )
                  }
                >
                  {t(`flows.act.${action}`)}
                </Button>
              ))}
            </>
          ),
        })}
        empty={<EmptyState title={t('flows.nobody')} text={t('flows.nobodyText')} />}
      />
      <HeldBack flow={flow} stepName={stepName} />
      {open && <RunDrawer id={open} flow={flow} onClose={() => setOpen(undefined)} />}
      {entering && <EnrolDialog flow={flow} onClose={() => setEntering(false)} />}
    </>
  )
}

function EnrolDialog({ flow, onClose }: { flow: WholeFlow; onClose: () => void }) {
  const t = useText()
  const [subject, setSubject] = useState({ id: '', name: '' })
  const take = useCommand(enrol, { quiet: true, stale: staleFlows })
  return (
    <Dialog open onClose={onClose} title={t('flows.enrolTitle')} text={t('flows.enrolText')}>
      <Form
        submit={t('flows.enrolNow')}
        onCancel={onClose}
        onSubmit={async () => {
          const reply = await take.run({ params: { id: flow.id }, body: { subjectIds: [subject.id] } })
          const [refused] = reply.refused
          toastDone(
            reply.enrolled > 0
              ? t('flows.enrolled', { name: subject.name })
              : reply.heldOut > 0
                ? t('flows.heldOut', { name: subject.name })
                : t('flows.notEnrolled', { reason: refused ? reasonWords(refused.reason, t) : '' }),
          )
          onClose()
        }}
      >
        <Field label={t(`flows.subject.${flow.subject}`)} required>
          {flow.subject === 'customer' ? (
            <CustomerSelect value={subject} onChange={setSubject} />
          ) : (
            <ContactSelect value={subject} onChange={setSubject} />
          )}
        </Field>
      </Form>
    </Dialog>
  )
}
