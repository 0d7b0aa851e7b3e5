import { useState } from 'react'
import type { FlowFault } from '../../../server/engage/flows/contract/graph.ts'
import { waysOf } from '../../../server/engage/flows/contract/steps.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Icon } from '../../kit/icon.tsx'
import { Note } from '../../kit/note.tsx'
import type { Draft } from './draft.ts'
import { FlowFields } from './flow-fields.tsx'
import { lead, removeSteps } from './graph-edits.ts'
import { triggerNode } from './graph-layout.ts'
import { useSpeech } from './speech.ts'
import { StepFields } from './step-fields.tsx'
import { TriggerList } from './trigger-fields.tsx'
import type { WholeFlow } from './whole-flow.ts'
import { stepIcons, stepWords, wayWords } from './words.ts'

interface InspectorProps {
  flow: WholeFlow
  draft: Draft
  faults: readonly FlowFault[]
  chosen: string | undefined
  onChoose: (id: string | undefined) => void
  mayManage: boolean
}

/** What the chosen step does; without one, what the flow as a whole does. */
export function Inspector({ flow, draft, faults, chosen, onChoose, mayManage }: InspectorProps) {
  const t = useText()
  const { locale } = useLocale()
  const { document, change } = draft
  const step = document.steps.find(({ key }) => key === chosen)
  const speech = useSpeech(document.subject)
  const nameOfStep = (key: string | null) => {
    const found = document.steps.find(each => each.key === key)
    return found ? `${t(`flows.step.${found.kind}`)}: ${found.name ?? stepWords(found, speech)}` : key
  }
  const own = faults.filter(fault => (step ? fault.step === step.key : fault.step === null))
  return (
    <aside className="fl-panel" aria-label={t('flows.panel')}>
      {own.length > 0 && (
        <Note tone="red">
          <ul>
            {own.map(({ path, message }) => (
              <li key={`${path} ${message.en}`}>{message[locale]}</li>
            ))}
          </ul>
        </Note>
      )}
      <fieldset className="fl-fields" disabled={!mayManage}>
        {step ? (
          <StepPanel key={step.key} draft={draft} step={step} onChoose={onChoose} mayManage={mayManage} />
        ) : chosen === triggerNode ? (
          <>
            <h2 className="fl-title">{t('flows.triggers')}</h2>
            <TriggerList
              subject={document.subject}
              triggers={document.triggers}
              onChange={triggers => change(current => ({ ...current, triggers }), 'triggers')}
            />
          </>
        ) : (
          <FlowFields flow={flow} draft={draft} mayManage={mayManage} />
        )}
      </fieldset>
      {!step && faults.some(fault => fault.step !== null) && (
        <div className="fl-fields">
          <h3 className="k-label">{t('flows.faultySteps')}</h3>
          <ul className="fl-faults">
            {faults
              .filter(fault => fault.step !== null)
              .map(fault => (
                <li key={`${fault.path} ${fault.message.en}`}>
                  <button type="button" className="k-link" onClick={() => onChoose(fault.step ?? undefined)}>
                    {nameOfStep(fault.step)}
                  </button>{' '}
                  {fault.message[locale]}
                </li>
              ))}
          </ul>
        </div>
      )}
    </aside>
  )
}

interface StepPanelProps {
  draft: Draft
  step: Draft['document']['steps'][number]
  onChoose: (id: string | undefined) => void
  mayManage: boolean
}

function StepPanel({ draft, step, onChoose, mayManage }: StepPanelProps) {
  const t = useText()
  const { document, change } = draft
  const speech = useSpeech(document.subject)
  const [name, setName] = useState(step.name ?? '')
  const set = (next: typeof step) =>
    change(
      current => ({ ...current, steps: current.steps.map(each => (each.key === step.key ? next : each)) }),
      `step ${step.key}`,
    )
  const ways = waysOf(step)
  const targets = document.steps.filter(({ key }) => key !== step.key)
  return (
    <>
      <h2 className="fl-title">
        <Icon name={stepIcons[step.kind]} />
        {t(`flows.step.${step.kind}`)}
      </h2>
      <Field label={t('flows.stepName')} hint={t('flows.stepNameHint')}>
        <TextInput
          value={name}
          maxLength={100}
          autoComplete="off"
          placeholder={stepWords(step, speech)}
          onChange={event => {
            const text = event.currentTarget.value
            setName(text)
            const { name: _, ...rest } = step
            set(text.trim() === '' ? (rest as typeof step) : { ...step, name: text.trim() })
          }}
        />
      </Field>
      <StepFields subject={document.subject} step={step} onChange={set} />
      {ways.length > 0 && (
        <div className="fl-fields fl-ways">
          <h3 className="k-label">{t('flows.ways')}</h3>
          {ways.map(way => (
            <Field key={way.name} label={way.label || wayWords(way.name, t)}>
              <Select
                value={way.to ?? ''}
                placeholder={t('flows.says.end')}
                options={targets.map(each => ({
                  value: each.key,
                  label: `${t(`flows.step.${each.kind}`)}: ${each.name ?? stepWords(each, speech)}`,
                }))}
                onChange={event => {
                  const to = event.currentTarget.value || null
                  change(current => lead(current, { step: step.key, way: way.name }, to))
                }}
              />
            </Field>
          ))}
        </div>
      )}
      {mayManage && (
        <div className="fl-actions">
          <Button
            kind="danger"
            icon="trash"
            onClick={() => {
              change(current => removeSteps(current, [step.key]))
              onChoose(undefined)
            }}
          >
            {t('flows.removeStep')}
          </Button>
        </div>
      )}
    </>
  )
}
