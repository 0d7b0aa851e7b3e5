import { useState } from 'react'
import type { RouteReply } from '../../../server/platform/http/contract.ts'
import { createScorecard, type listScorecards } from '../../../server/signals/scorecards/contract/cards.ts'
import { useCommand } from '../../api/hooks.ts'
import { nameOf } from '../../i18n/name-of.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Field, RadioGroup, TextInput } from '../../kit/field.tsx'
import { Form } from '../../kit/form.tsx'

interface CreateDialogProps {
  presets: RouteReply<typeof listScorecards>['presets']
  onClose: () => void
  onMade: (id: string) => void
}

/** A new scorecard, from a ready-made one or from nothing; it counts for nobody before it is published. */
export function CreateDialog({ presets, onClose, onMade }: CreateDialogProps) {
  const t = useText()
  const { locale } = useLocale()
  const [from, setFrom] = useState(presets[0]?.key ?? '')
  const create = useCommand(createScorecard, { quiet: true, stale: ['/api/v1/health'] })
  return (
    <Dialog open onClose={onClose} title={t('scorecards.card.create')} text={t('scorecards.card.createText')}>
      <Form
        submit={t('scorecards.card.createSubmit')}
        onCancel={onClose}
        onSubmit={async values => {
          const definition = presets.find(preset => preset.key === from)?.definition
          if (!definition) return
          const made = await create.run({
            body: { nameJa: values.text('nameJa'), nameEn: values.text('nameEn'), definition },
          })
          onMade(made.id)
        }}
      >
        <RadioGroup
          label={t('scorecards.card.from')}
          name="from"
          value={from}
          onChange={setFrom}
          options={presets.map(preset => ({
            value: preset.key,
            label: nameOf(preset, locale),
            hint: preset.definition.factors.map(factor => nameOf(factor, locale)).join(' · '),
          }))}
        />
        <Field label={t('scorecards.nameJa')} name="nameJa" required>
          <TextInput maxLength={100} />
        </Field>
        <Field label={t('scorecards.nameEn')} name="nameEn" required>
          <TextInput maxLength={100} />
        </Field>
      </Form>
    </Dialog>
  )
}
