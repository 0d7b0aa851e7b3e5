import { useState } from 'react'
import type { Condition } from '../../../server/catalog/conditions/contract.ts'
import type { ScorecardDefinition } from '../../../server/signals/scorecards/contract/definition.ts'
import { ConditionBuilder } from '../../features/conditions/builder.tsx'
import { LiveCount, Sentence } from '../../features/conditions/live-count.tsx'
import { isComplete } from '../../features/conditions/tree.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Button, IconButton } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, Select, TextInput } from '../../kit/field.tsx'
import { Section } from '../../kit/layout.tsx'
import type { Exception } from './draft.ts'
import { NumberInput } from './number-input.tsx'

interface ExceptionsProps {
  definition: ScorecardDefinition
  onChange?: ((definition: ScorecardDefinition) => void) | undefined
}

const effects = ['cap', 'floor', 'set'] as const

/** Conditions that cap, lift or set the score whatever the factors say. */
export function Exceptions({ definition, onChange }: ExceptionsProps) {
  const t = useText()
  const { locale } = useLocale()
  const [open, setOpen] = useState<number>()
  const { exceptions } = definition
  const save = (exception: Exception) => {
    const place = open ?? exceptions.length
    onChange?.({
      ...definition,
      exceptions:
        place < exceptions.length
          ? exceptions.map((each, at) => (at === place ? exception : each))
          : [...exceptions, exception],
    })
    setOpen(undefined)
  }
  return (
    <Section
      title={t('scorecards.exceptions')}
      note={t('scorecards.exceptionsNote')}
      flush
      end={
        onChange &&
        exceptions.length < 10 && (
          <Button size="small" icon="plus" onClick={() => setOpen(exceptions.length)}>
            {t('scorecards.exception.add')}
          </Button>
        )
      }
    >
      {exceptions.length === 0 && <p className="text-t3 pt-4">{t('scorecards.exceptionsNone')}</p>}
      <ul className="s-bands">
        {exceptions.map((exception, at) => {
          const name = nameOf(exception, locale)
          return (
            <li key={exception.nameJa + exception.nameEn}>
              <div className="s-exception">
                <strong>{name}</strong>
                <span>{t(`scorecards.exception.${exception.effect}Words`, { value: exception.value })}</span>
                <Sentence record="customer" condition={exception.condition} />
                {onChange ? (
                  <span className="q-parts">
                    <IconButton
                      icon="note"
                      label={t('scorecards.exception.edit', { name })}
                      onClick={() => setOpen(at)}
                    />
                    <IconButton
                      icon="trash"
                      label={t('scorecards.exception.remove', { name })}
                      onClick={() =>
                        onChange({ ...definition, exceptions: exceptions.filter((_, place) => place !== at) })
                      }
                    />
                  </span>
                ) : (
                  <span />
                )}
              </div>
            </li>
          )
        })}
      </ul>
      {open !== undefined && (
        <ExceptionDialog exception={exceptions[open]} onSave={save} onClose={() => setOpen(undefined)} />
      )}
    </Section>
  )
}

interface ExceptionDialogProps {
  exception: Exception | undefined
  onSave: (exception: Exception) => void
  onClose: () => void
}

function ExceptionDialog({ exception, onSave, onClose }: ExceptionDialogProps) {
  const t = useText()
  const [draft, setDraft] = useState<Exception>(
    exception ?? { nameJa: '', nameEn: '', condition: { all: [] }, effect: 'cap', value: 60 },
  )
  const isWhole = draft.nameJa.trim() !== '' && draft.nameEn.trim() !== '' && isComplete(draft.condition)
  return (
    <Dialog
      open
      onClose={onClose}
      size="wide"
      title={t(exception ? 'scorecards.exception.change' : 'scorecards.exception.add')}
      foot={
        <>
          <Button kind="quiet" onClick={onClose}>
            {t('kit.cancel')}
          </Button>
          <Button kind="primary" disabled={!isWhole} onClick={() => onSave(draft)}>
            {t('scorecards.exception.done')}
          </Button>
        </>
      }
    >
      <div className="s-lines">
        <div className="r-two">
          <Field label={t('scorecards.nameJa')}>
            <TextInput
              value={draft.nameJa}
              maxLength={80}
              onChange={event => setDraft({ ...draft, nameJa: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('scorecards.nameEn')}>
            <TextInput
              value={draft.nameEn}
              maxLength={80}
              onChange={event => setDraft({ ...draft, nameEn: event.currentTarget.value })}
            />
          </Field>
          <Field label={t('scorecards.exception.effect')}>
            <Select
              value={draft.effect}
              options={effects.map(value => ({ value, label: t(`scorecards.exception.${value}`) }))}
              onChange={event => {
                const effect = effects.find(each => each === event.currentTarget.value)
                if (effect) setDraft({ ...draft, effect })
              }}
            />
          </Field>
          <Field label={t('scorecards.exception.value')}>
            <NumberInput value={draft.value} min={0} max={100} onChange={value => setDraft({ ...draft, value })} />
          </Field>
        </div>
        <section aria-label={t('scorecards.exception.when')}>
          <p className="k-label">{t('scorecards.exception.when')}</p>
          <ConditionBuilder
            record="customer"
            value={draft.condition}
            onChange={(condition: Condition) => setDraft({ ...draft, condition })}
          />
        </section>
        <LiveCount record="customer" condition={draft.condition} />
      </div>
    </Dialog>
  )
}
