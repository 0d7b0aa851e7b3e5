import { Link } from '@tanstack/react-router'
import { listChurnModels } from '../../../server/signals/churn/contract/models.ts'
import { useRoute } from '../../api/hooks.ts'
import { useFormat, useText } from '../../i18n/provider.tsx'
import { Badge, type Tone } from '../../kit/badge.tsx'
import { Section } from '../../kit/layout.tsx'

const tones: Partial<Record<string, Tone>> = { live: 'green', ready: 'accent', failed: 'red', training: 'accent' }

/** Every version that was trained, the latest first. */
export function Versions() {
  const t = useText()
  const format = useFormat()
  const { data } = useRoute(listChurnModels)
  if (!data || data.items.length === 0) return null
  return (
    <Section title={t('churn.versions')} note={format.number(data.items.length)} flush>
      <div className="ch-scroll">
        <table className="k-table" aria-label={t('churn.versions')}>
          <thead>
            <tr>
              <th scope="col">{t('churn.version')}</th>
              <th scope="col">{t('churn.stateHead')}</th>
              <th scope="col" data-narrow="hide">
                {t('churn.algorithm')}
              </th>
              <th scope="col" data-align="end">
                {t('churn.trained')}
              </th>
              <th scope="col" data-align="end">
                AUC
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                {t('churn.brierShort')}
              </th>
              <th scope="col" data-align="end" data-narrow="hide">
                {t('churn.observations')}
              </th>
            </tr>
          </thead>
          <tbody>
            {data.items.map(model => (
              <tr key={model.id} data-row>
                <th scope="row">
                  <Link to="/churn/models/$id" params={{ id: model.id }} className="k-link">
                    {t('churn.versionNumber', { version: model.version })}
                  </Link>
                </th>
                <td>
                  <Badge tone={tones[model.state] ?? 'plain'}>{t(`churn.state.${model.state}`)}</Badge>
                </td>
                <td data-narrow="hide">{model.algorithm ? t(`churn.algorithm.${model.algorithm}`) : '–'}</td>
                <td data-align="end">{format.day(model.trainedAt ?? model.createdAt)}</td>
                <td data-align="end">{model.auc === null ? '–' : format.number(model.auc, 3)}</td>
                <td data-align="end" data-narrow="hide">
                  {model.brier === null ? '–' : format.number(model.brier, 3)}
                </td>
                <td data-align="end" data-narrow="hide">
                  {model.rows === null ? '–' : format.number(model.rows)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
