import { useState } from 'react'
import {
  type getTierModel,
  previewTierModel,
  setTierModel,
  type Tier,
  type TierModel,
  tierMeasures,
} from '../../../../server/customers/accounts/contract/tiers.ts'
import type { RouteReply } from '../../../../server/platform/http/contract.ts'
import { call } from '../../../api/client.ts'
import { useCommand, wordsOf } from '../../../api/hooks.ts'
import { refreshCustomers } from '../../../features/record/cache.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Button } from '../../../kit/button.tsx'
import { Field, Select, TextInput } from '../../../kit/field.tsx'
import { Section } from '../../../kit/layout.tsx'
import { toastDone, toastFailed } from '../../../kit/toast.tsx'
import '../../../features/record/record.css'
import { RateFields } from './rate-fields.tsx'
import { TierFields } from './tier-fields.tsx'

type Preview = RouteReply<typeof previewTierModel>

interface TierEditorProps {
  model: TierModel
  presets: RouteReply<typeof getTierModel>['presets']
  onClose: () => void
}

/** Tiers and their rule; who would move is shown before anything is saved. */
export function TierEditor({ model: saved, presets, onClose }: TierEditorProps) {
  const t = useText()
  const { locale } = useLocale()
  const [model, setModel] = useState(saved)
  const [preview, setPreview] = useState<Preview | null>(null)
  const [pending, setPending] = useState(false)
  const set = useCommand(setTierModel, { stale: ['/api/v1/tiers'] })
  const change = (next: TierModel) => {
    setModel(next)
    setPreview(null)
  }
  const look = async () => {
    setPending(true)
    try {
      setPreview(await call(previewTierModel, { body: model }))
    } catch (fault) {
      toastFailed(wordsOf(fault, t))
    } finally {
      setPending(false)
    }
  }
  const save = async () => {
    const { moves } = await set.run({ body: model })
    await refreshCustomers()
    const moved = moves.reduce((sum, move) => sum + move.customers, 0)
    const undo = () => void set.run({ body: saved }).then(refreshCustomers, () => {})
    toastDone(t('tiers.saved', { count: moved }), { undo })
    onClose()
  }
  const setTier = (at: number, tier: Tier) =>
    change({ ...model, tiers: model.tiers.map((each, place) => (place === at ? tier : each)) })
  return (
    <div className="grid grid-cols-1 gap-5">
      <Section title={t('tiers.editTitle')}>
        <div className="r-two">
          <Field label={t('tiers.preset')} hint={t('tiers.presetHint')}>
            <Select
              value={presets.some(preset => preset.preset === model.preset) ? model.preset : ''}
              placeholder={t('tiers.custom')}
              options={presets.map(preset => ({
                value: preset.preset,
                label: preset.tiers.map(tier => tier[locale]).join(' / '),
              }))}
              onChange={event => {
                const preset = presets.find(each => each.preset === event.currentTarget.value)
                if (preset) change(preset)
              }}
            />
          </Field>
          <Field label={t('tiers.measureLabel')}>
            <Select
              value={model.measure}
              options={tierMeasures.map(value => ({ value, label: t(`tiers.measure.${value}`) }))}
              onChange={event => {
                const measure = tierMeasures.find(each => each === event.currentTarget.value)
                if (measure) change({ ...model, measure })
              }}
            />
          </Field>
          <Field label={t('record.field.currency')}>
            <TextInput
              value={model.currency}
              maxLength={3}
              onChange={event => change({ ...model, currency: event.currentTarget.value.toUpperCase() })}
            />
          </Field>
          <RateFields model={model} onChange={change} />
        </div>
      </Section>
      {model.tiers.map((tier, at) => (
        <TierFields
          key={tier.key}
          tier={tier}
          measure={model.measure}
          currency={model.currency}
          onChange={next => setTier(at, next)}
          onRemove={
            model.tiers.length > 1
              ? () => change({ ...model, tiers: model.tiers.filter((_, place) => place !== at) })
              : undefined
          }
        />
      ))}
      {preview && <Moves preview={preview} model={model} saved={saved} />}
      <span className="flex flex-wrap gap-3">
        {preview ? (
          <Button kind="primary" pending={set.pending} onClick={() => void save().catch(() => {})}>
            {t('tiers.save', { count: preview.moves.reduce((sum, move) => sum + move.customers, 0) })}
          </Button>
        ) : (
          <Button kind="primary" pending={pending} onClick={() => void look()}>
            {t('tiers.preview')}
          </Button>
        )}
        <Button kind="quiet" onClick={onClose}>
          {t('kit.cancel')}
        </Button>
      </span>
    </div>
  )
}

function Moves({ preview, model, saved }: { preview: Preview; model: TierModel; saved: TierModel }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const names = new Map([...saved.tiers, ...model.tiers].map(tier => [tier.key, tier[locale]]))
  const nameOf = (key: string | null) => (key === null ? t('tiers.noTier') : (names.get(key) ?? key))
  return (
    <Section title={t('tiers.moves')}>
      <div role="status">
        {preview.moves.length === 0 && <p>{t('tiers.noMoves')}</p>}
        <ul>
          {preview.moves.map(move => (
            <li key={`${move.from} ${move.to}`}>
              {t('record.fromTo', { from: nameOf(move.from), to: nameOf(move.to) })}:{' '}
              <strong>{t('customers.count', { count: move.customers })}</strong>
            </li>
          ))}
        </ul>
        {preview.samples.length > 0 && (
          <p className="text-t3">
            {t('tiers.samples', { names: format.list(preview.samples.slice(0, 8).map(sample => sample.name)) })}
          </p>
        )}
      </div>
    </Section>
  )
}
