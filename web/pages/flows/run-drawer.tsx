import { Link } from '@tanstack/react-router'
import { actOnEnrolments, getEnrolment } from '../../../server/engage/flows/contract/enrolments.ts'
import { useCommand, useRoute, wordsOf } from '../../api/hooks.ts'
import { useMay } from '../../api/session.tsx'
import { useFormat, useLocale, useText } from '../../i18n/provider.tsx'
import { Badge } from '../../kit/badge.tsx'
import { Button } from '../../kit/button.tsx'
import { Drawer } from '../../kit/dialog.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Pairs, Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { reasonWords } from './reasons.ts'
import { runTones } from './run-look.ts'
import { useSpeech } from './speech.ts'
import { staleFlows, type WholeFlow } from './whole-flow.ts'
import { saidTo, stepIcons, stepWords } from './words.ts'

/** One enrolment with everything that happened, and what did not happen and why. */
export function RunDrawer({ id, flow, onClose }: { id: string; flow: WholeFlow; onClose: () => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const speech = useSpeech(flow.subject)
  const mayHandle = useMay('flows.handle')
  const { data, error } = useRoute(getEnrolment, { params: { id } })
  const act = useCommand(actOnEnrolments, { stale: staleFlows })
  const run = data?.id === id ? data : undefined
  const steps = new Map(flow.published?.steps.map(step => [step.key, step]))
  const offered = !run
    ? []
    : run.state === 'active'
      ? (['pause', 'skip', 'cancel'] as const)
      : run.state === 'paused'
        ? (['resume', 'cancel'] as const)
        : run.state === 'failed'
          ? (['retry', 'skip', 'cancel'] as const)
          : []
  return (
    <Drawer
      open
      onClose={onClose}
      title={run?.subjectName ?? t('flows.run')}
      foot={
        mayHandle &&
        offered.length > 0 &&
        offered.map(action => (
          <Button
            key={action}
            kind={action === 'cancel' ? 'danger' : 'normal'}
            pending={act.pending}
            onClick={() =>
              void act.run({ body: { action, ids: [id] } }).then(
                ({ changed, skipped }) => toastDone(t('flows.acted', { changed, skipped })),
                () => {},
              )
            }
          >
            {t(`flows.act.${action}`)}
          </Button>
        ))
      }
    >
      {error && !run ? (
        <Note tone="red" alert>
          {wordsOf(error, t)}
        </Note>
      ) : !run ? (
        <SkeletonRows rows={8} />
      ) : (
        <div className="fl-fields">
          {run.fault && <Note tone="red">{run.fault}</Note>}
          <Pairs
            align="start"
            pairs={[
              [
                t('flows.state'),
                <Badge key="state" tone={runTones[run.state]}>
                  {t(`flows.run.${run.state}`)}
                </Badge>,
              ],
              ...(run.customerId
                ? [
                    [
                      t('flows.subject.customer'),
                      <Link key="customer" to="/customers/$id" params={{ id: run.customerId }} className="k-link">
                        {run.customerName}
                      </Link>,
                    ] as const,
                  ]
                : []),
              [t('flows.versionShort'), String(run.version)],
              [t('flows.enteredAt'), format.dateTime(run.enteredAt)],
              ...(run.goalAt ? [[t('flows.goalAt'), format.dateTime(run.goalAt)] as const] : []),
              ...(run.endedAt ? [[t('flows.endedAt'), format.dateTime(run.endedAt)] as const] : []),
              ...(run.reason ? [[t('flows.why'), reasonWords(run.reason, t)] as const] : []),
            ]}
          />
          <Section title={t('flows.log')}>
            {run.log.length === 0 ? (
              <p className="text-t3">{t('flows.logEmpty')}</p>
            ) : (
              <ol className="fl-walk">
                {run.log.map(each => {
                  const step = steps.get(each.step)
                  return (
                    <li key={each.visit}>
                      <span className="fl-sign">{step && <Icon name={stepIcons[step.kind]} />}</span>
                      <div>
                        <small>{format.dateTime(each.at)}</small>
                        <p>
                          {step ? saidTo(step.name ?? stepWords(step, speech), run) : each.step}{' '}
                          {each.outcome !== 'done' && (
                            <Badge tone={each.outcome === 'failed' ? 'red' : 'line'}>
                              {t(`flows.outcome.${each.outcome}`)}
                            </Badge>
                          )}
                        </p>
                        {each.text && <p className="text-t3">{each.text[locale]}</p>}
                      </div>
                    </li>
                  )
                })}
              </ol>
            )}
          </Section>
        </div>
      )}
    </Drawer>
  )
}
