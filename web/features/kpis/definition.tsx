import { Link } from '@tanstack/react-router'
import { describeKpis } from '../../../server/insights/kpis/contract.ts'
import { useRoute, wordsOf } from '../../api/hooks.ts'
import { useLocale, useText } from '../../i18n/provider.tsx'
import { SkeletonRows } from '../../kit/skeleton.tsx'
import './kpis.css'

/** The words of a KPI and the link that opens it. */
export function Definition({ kpi }: { kpi: string }) {
  const t = useText()
  const { locale } = useLocale()
  const { data, error } = useRoute(describeKpis)
  const found = data?.items.find(({ key }) => key === kpi)
  if (error) return <p className="text-red">{wordsOf(error, t)}</p>
  if (!found) return <SkeletonRows rows={3} />
  return (
    <div className="p-definition">
      <strong>{found.words[locale]}</strong>
      <p>{found.definition[locale]}</p>
      <code className="k-mono">{found.formula}</code>
      <Link to="/kpis/$key" params={{ key: kpi }} className="k-link">
        {t('kpis.open')}
      </Link>
    </div>
  )
}
