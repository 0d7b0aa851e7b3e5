import { useState } from 'react'
import type { FlowDocument } from '../../../server/engage/flows/contract/document.ts'
import { testFlow } from '../../../server/engage/flows/contract/flows.ts'
import { waysOf } from '../../../server/engage/flows/contract/steps.ts'
import { useAnswer } from '../../api/answer.ts'
import { ContactSelect, CustomerSelect } from '../../features/record/record-select.tsx'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Drawer } from '../../kit/dialog.tsx'
import { Field, Select } from '../../kit/field.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Note } from '../../kit/note.tsx'
import { stepIcons, wayWords } from './words.ts'

interface TestDrawerProps {
  document: FlowDocument
  onClose: () => void
}

/** Walks the draft with a real customer or contact and the facts of now; nothing happens to anybody. */
export function TestDrawer({ document, onClose }: TestDrawerProps) {
  const t = useText()
  const { locale } = useLocale()
  const [subject, setSubject] = useState({ id: '', name: '' })
  const [answers, setAnswers] = useState<Record<string, string>>({})
  const { shown, fault } = useAnswer(
    testFlow,
    subject.id === '' ? null : { body: { document, subjectId: subject.id, answers } },
  )
  const byKey = new Map(document.steps.map(step => [step.key, step]))
  return (
    <Drawer open onClose={onClose} title={t('flows.testTitle')} text={t('flows.testText')}>
      <div className="fl-fields">
        <Field label={t(`flows.testWith.${document.subject}`)}>
          {document.subject === 'customer' ? (
            <CustomerSelect value={subject} onChange={setSubject} />
          ) : (
            <ContactSelect value={subject} onChange={setSubject} />
          )}
        </Field>
        <div aria-live="polite">
          {fault && <Note tone="red">{fault}</Note>}
          {subject.id !== '' && shown && !fault && (
            <div className="fl-fields">
              {!shown.enters && <Note tone="orange">{shown.reason?.[locale] ?? t('flows.wouldNotEnter')}</Note>}
              {shown.heldOut && <Note>{t('flows.wouldBeHeldOut')}</Note>}
              {shown.exit && <Note tone="orange">{t('flows.wouldExit', { exit: shown.exit })}</Note>}
              <ol className="fl-walk">
                {shown.steps.map((each, place) => {
                  const step = byKey.get(each.step)
                  const ways = step ? waysOf(step) : []
                  const way = ways.find(({ name }) => name === each.way)
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: a step may be passed several times
                    <li key={place}>
                      <span className="fl-sign">{step && <Icon name={stepIcons[step.kind]} />}</span>
                      <div>
                        <small>{timeWords(each.afterMinutes, t)}</small>
                        <p>{each.does[locale]}</p>
                        {each.reason && <p className="text-t3">{each.reason[locale]}</p>}
                        {ways.length > 1 && step && isAsked(step.kind) && (
                          <Field label={t('flows.goOnBy')} labelHidden>
                            <Select
                              value={each.way ?? ''}
                              options={ways.map(({ name, label }) => ({
                                value: name,
                                label: label || wayWords(name, t),
                              }))}
                              onChange={event => setAnswers({ ...answers, [step.key]: event.currentTarget.value })}
                            />
                          </Field>
                        )}
                        {ways.length > 1 && way && step && !isAsked(step.kind) && (
                          <p className="fl-taken">
                            <Icon name="right" size="small" /> {way.label || wayWords(way.name, t)}
                          </p>
                        )}
                      </div>
                    </li>
                  )
                })}
              </ol>
            </div>
          )}
        </div>
      </div>
    </Drawer>
  )
}

/** Whether time or people decide: the person who tests chooses. */
function isAsked(kind: string): boolean {
  return ['approval', 'provision', 'wait_condition'].includes(kind)
}

function timeWords(minutes: number, t: ReturnType<typeof useText>): string {
  if (minutes === 0) return t('flows.atOnce')
  if (minutes < 120) return t('flows.afterMinutes', { count: minutes })
  if (minutes < 2 * 1_440) return t('flows.afterHours', { count: Math.round(minutes / 60) })
  return t('flows.afterDays', { count: Math.round(minutes / 1_440) })
}
