import { useState } from 'react'
import {
  type BlueprintSource,
  exportBlueprint,
  listBlueprints,
} from '../../../../server/blueprints/programmes/contract/blueprints.ts'
import { addressOf } from '../../../api/client.ts'
import { useRoute, wordsOf } from '../../../api/hooks.ts'
import { useFormat, useLocale, useText } from '../../../i18n/provider.tsx'
import { Badge } from '../../../kit/badge.tsx'
import { Button } from '../../../kit/button.tsx'
import { EmptyState } from '../../../kit/empty-state.tsx'
import { Icon } from '../../../kit/icon.tsx'
import { Section } from '../../../kit/layout.tsx'
import { SkeletonRows } from '../../../kit/skeleton.tsx'
import { SettingsScreen } from '../layout.tsx'
import { Permitted } from '../permitted.tsx'
import './blueprints.css'
import { Drift } from './drift.tsx'
import { FileButton } from './file-button.tsx'
import { History } from './history.tsx'
import { PlanView } from './plan-view.tsx'

/** Programmes as a whole: what they would change, applying them, what was applied, what drifted from it. */
export function BlueprintsPage() {
  const t = useText()
  const [source, setSource] = useState<BlueprintSource>()
  return (
    <SettingsScreen
      title={t('blueprints.title')}
      wide
      actions={
        !source && (
          <>
            <a className="k-button" data-size="small" href={addressOf(exportBlueprint)} download>
              <Icon name="download" />
              <span>{t('blueprints.export')}</span>
            </a>
            <FileButton onFiles={files => setSource({ files })} />
          </>
        )
      }
    >
      <Permitted permission="blueprints.manage">
        {source ? (
          <PlanView source={source} onClose={() => setSource(undefined)} />
        ) : (
          <>
            <Shipped onPlan={setSource} />
            <Drift />
            <History onPlan={setSource} />
          </>
        )}
      </Permitted>
    </SettingsScreen>
  )
}

function Shipped({ onPlan }: { onPlan: (source: BlueprintSource) => void }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useLocale()
  const { data, error } = useRoute(listBlueprints)
  if (error) return <EmptyState title={t('blueprints.failed')} text={wordsOf(error, t)} />
  if (!data) return <SkeletonRows rows={5} />
  return (
    <Section title={t('blueprints.shipped')} note={t('blueprints.shippedNote')} flush>
      <ul className="b-list">
        {data.items.map(({ key, name, summary, sections, appliedAt, managed }) => (
          <li key={key}>
            <div>
              <h3>
                {name[locale]} <code className="k-mono">{key}</code>
                {appliedAt && (
                  <Badge tone="green" icon="check">
                    {t('blueprints.appliedAt', { at: format.shortDay(appliedAt), count: managed })}
                  </Badge>
                )}
              </h3>
              <p>{summary[locale]}</p>
              <p className="b-contents">
                {format.list(
                  sections.map(({ section, items }) =>
                    t('blueprints.contents', { section: t(`blueprints.section.${section}`), count: items }),
                  ),
                )}
              </p>
            </div>
            <Button
              size="small"
              onClick={() => onPlan({ blueprint: key })}
              aria-label={t('blueprints.planOf', { name: name[locale] })}
            >
              {t('blueprints.plan')}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  )
}
