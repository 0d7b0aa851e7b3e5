import { useNavigate } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import type { JourneyDefinition } from '../../../server/engage/onboarding/contract/definition.ts'
import {
  createOnboardingTemplate,
  updateOnboardingTemplate,
  type WholeTemplate,
} from '../../../server/engage/onboarding/contract/templates.ts'
import { useCommand } from '../../api/hooks.ts'
import { ApiProblem } from '../../api/problem.ts'
import { useText } from '../../i18n/provider.tsx'
import { Button } from '../../kit/button.tsx'
import { Checkbox } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'
import { Section } from '../../kit/layout.tsx'
import { Note } from '../../kit/note.tsx'
import { toastDone } from '../../kit/toast.tsx'
import { ConditionField } from './condition-field.tsx'
import { bodyOf, placeOf, type TemplateDraft, withPhase } from './draft.ts'
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts'
import { MeasureFields } from './measure-fields.tsx'
import { PeopleFields } from './people-fields.tsx'
import { PhaseFields } from './phase-fields.tsx'
import { StartFields } from './start-fields.tsx'
import { WarningList } from './warning-fields.tsx'
import { NumberField, WordFields } from './word-fields.tsx'

interface TemplateEditorProps {
  /** What is changed; without it a template is made. */
  template?: WholeTemplate
  first: TemplateDraft
}

/**
 * All of a template as one form. What is typed stays while saving is refused, and in this window until it is saved or
 * thrown away.
 */
export function TemplateEditor({ template, first }: TemplateEditorProps) {
  const t = useText()
  const navigate = useNavigate()
  const id = template?.id ?? 'new'
  const [kept, setKept] = useState(() => keptDraft(id))
  const [draft, setDraft] = useState(kept?.draft ?? first)
  // Fetched again meanwhile, the template may be a newer one than what is changed here.
  const [opened] = useState(template?.version)
  const version = kept ? kept.version : opened
  const stale = ['/api/v1/onboarding']
  const create = useCommand(createOnboardingTemplate, { quiet: true, stale })
  const update = useCommand(updateOnboardingTemplate, { quiet: true, stale })
  useEffect(() => {
    if (draft !== first && draft !== kept?.draft) keepDraft(id, { draft, version })
  }, [draft, first, kept, id, version])
  const set = (fields: Partial<TemplateDraft>) => setDraft(now => ({ ...now, ...fields }))
  const change = useCallback(
    (to: (definition: JourneyDefinition) => JourneyDefinition) =>
      setDraft(now => ({ ...now, definition: to(now.definition) })),
    [],
  )
  const { definition } = draft
  const leave = (to: string | undefined) => {
    forgetDraft(id)
    if (to) void navigate({ to: '/onboarding/templates/$id', params: { id: to }, search: {} })
    else void navigate({ to: '/onboarding', search: { view: 'templates' } })
  }
  const save = async () => {
    const body = bodyOf(draft)
    try {
      const saved = template
        ? await update.run({ params: { id }, body: { ...body, ...(version && { version }) } })
        : await create.run({ body })
      toastDone(t('onboarding.saved'))
      leave(saved.id)
    } catch (fault) {
      throw withPlaces(fault)
    }
  }
  return (
    <Form submit={t('onboarding.save')} onCancel={() => leave(template?.id)} onSubmit={save}>
      {kept && (
        <Note>
          {t('onboarding.edit.kept')}{' '}
          <Button
            size="small"
            onClick={() => {
              forgetDraft(id)
              setKept(undefined)
              setDraft(first)
            }}
          >
            {t('onboarding.edit.throwAway')}
          </Button>
        </Note>
      )}
      {template && (
        <Note>
          {template.running > 0
            ? t('onboarding.edit.runningText', { count: template.running, version: template.version })
            : t('onboarding.editText')}
        </Note>
      )}
      <Section title={t('onboarding.edit.basics')}>
        <div className="ob-fields">
          <WordFields
            base="name"
            label={t('onboarding.edit.templateName')}
            path=""
            value={draft}
            most={120}
            onChange={set}
          />
          <div className="ob-numbers">
            <NumberField
              label={t('onboarding.days')}
              name="definition.days"
              value={definition.days}
              minimum={1}
              maximum={730}
              onChange={days => change(now => ({ ...now, days }))}
            />
            <NumberField
              label={t('onboarding.stuckDays')}
              name="definition.stuckDays"
              hint={t('onboarding.edit.stuckHint')}
              value={definition.stuckDays}
              minimum={1}
              maximum={365}
              onChange={stuckDays => change(now => ({ ...now, stuckDays }))}
            />
            <NumberField
              label={t('onboarding.completeShare')}
              name="definition.completeShare"
              hint={t('onboarding.edit.completeHint')}
              value={definition.completeShare}
              minimum={0}
              maximum={100}
              onChange={completeShare => change(now => ({ ...now, completeShare }))}
            />
          </div>
          <div className="ob-checks">
            <Checkbox
              label={t('onboarding.edit.completesItself')}
              hint={t('onboarding.edit.completesItselfHint')}
              checked={definition.completesItself}
              onChange={event => {
                const completesItself = event.target.checked
                change(now => ({ ...now, completesItself }))
              }}
            />
          </div>
          <ConditionField
            label={t('onboarding.edit.value')}
            name="definition.value"
            hint={t('onboarding.edit.valueHint')}
            value={definition.value}
            onChange={value => change(now => ({ ...now, value }))}
            onRemove={() => change(now => ({ ...now, value: null }))}
          />
        </div>
      </Section>
      <Section title={t('onboarding.edit.starts')} note={t('onboarding.edit.startsNote')}>
        <div className="ob-fields" data-single>
          <StartFields starts={draft.starts} onChange={starts => set({ starts })} />
        </div>
      </Section>
      <Section title={t('onboarding.people')} note={t('onboarding.edit.peopleNote')}>
        <div className="ob-fields">
          <PeopleFields people={draft.people} onChange={people => set({ people })} />
        </div>
      </Section>
      {definition.phases.map((phase, place) => (
        <PhaseFields key={phase.key} definition={definition} place={place} change={change} />
      ))}
      {definition.phases.length < 12 && (
        <div className="ob-buttons">
          <Button size="small" icon="plus" onClick={() => change(withPhase)}>
            {t('onboarding.edit.addPhase')}
          </Button>
        </div>
      )}
      <Section title={t('onboarding.edit.measures')}>
        <MeasureFields
          measures={definition.measures}
          path="definition.measures"
          onChange={measures => change(now => ({ ...now, measures }))}
        />
      </Section>
      <Section title={t('onboarding.warnings')} note={t('onboarding.edit.warningsNote')}>
        <WarningList definition={definition} onChange={warnings => change(now => ({ ...now, warnings }))} />
      </Section>
    </Form>
  )
}

/** Faults inside a condition come to the field that holds the condition. */
function withPlaces(fault: unknown): unknown {
  if (!(fault instanceof ApiProblem)) return fault
  const errors = fault.errors.map(({ path, message }) => ({ path: placeOf(path), message }))
  return new ApiProblem({
    type: fault.type,
    title: fault.title,
    status: fault.status,
    detail: fault.detail,
    code: fault.code,
    requestId: fault.requestId,
    errors,
  })
}
