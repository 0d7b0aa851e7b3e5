import { type RawBuilder, sql } from 'kysely'
import type { AsOf, MetricSource } from '../../../platform/context/vocabulary.ts'

/** Journeys `j` that count on a day: begun by then, and not cancelled by then. */
function journeys(at: AsOf): RawBuilder<unknown> {
  return sql`j.tenant_id = ${at.tenantId} and ${at.only(sql`j.customer_id`)} and j.starts_on <= ${at.day}::date
    and (j.status <> 'cancelled' or j.ended_on > ${at.day}::date)`
}

/** The journey still went on at the end of the day. */
const runs = (at: AsOf) => sql`(j.ended_on is null or j.ended_on > ${at.day}::date)`
const doneBy = (at: AsOf) => sql`o.done_on <= ${at.day}::date`

const journeySource: MetricSource = {
  key: 'onboarding_journeys',
  facts: 'success',
  rows: at => sql`onboarding_journey j where ${journeys(at)}`,
  customer: sql`j.customer_id`,
  metrics: [
    {
      key: 'success.onboarding_journeys_completed',
      unit: 'count',
      direction: 'up',
      words: { ja: '完了したオンボーディングジャーニー', en: 'Onboarding journeys completed' },
      definition: {
        ja: 'その日までに完了したオンボーディングジャーニーの数です。',
        en: 'Onboarding journeys completed by the day.',
      },
      formula: 'count(journeys completed ≤ day)',
      value: at => sql`count(*) filter (where j.status = 'completed' and j.ended_on <= ${at.day}::date)`,
      missing: 0,
    },
    {
      key: 'success.onboarding_journey_days',
      unit: 'days',
      direction: 'down',
      words: { ja: 'オンボーディングジャーニーの日数', en: 'Days in the onboarding journey' },
      definition: {
        ja: '最も新しいオンボーディングジャーニーの、開始から終了（またはその日）までの日数です。一時停止の日数は含みません。',
        en: 'Days of the latest onboarding journey from its start to its end, or to the day; pauses do not count.',
      },
      formula: 'min(ended, day) − started − paused',
      value: at => sql`(array_agg(
        least(coalesce(j.ended_on, j.paused_on, ${at.day}::date), ${at.day}::date) - j.starts_on - j.paused_days
        order by j.starts_on desc, j.id))[1]`,
      missing: null,
    },
    {
      key: 'success.time_to_value_journey_days',
      unit: 'days',
      direction: 'down',
      words: { ja: '価値実感までの日数（ジャーニー）', en: 'Time to value (journey)' },
      definition: {
        ja: 'オンボーディングジャーニーの開始から、テンプレートが定める価値の条件を最初に満たした日までの日数です。',
        en: 'Days from the start of the onboarding journey to the first day on which what its template calls value was there.',
      },
      formula: 'value reached − started',
      value: at => sql`(array_agg(greatest(0, j.value_on - j.starts_on) order by j.starts_on desc, j.id)
        filter (where j.value_on <= ${at.day}::date))[1]`,
      missing: null,
    },
  ],
}

const taskSource: MetricSource = {
  key: 'onboarding_tasks',
  facts: 'success',
  rows: at => sql`onboarding_journey j
    join onboarding_task o on o.tenant_id = ${at.tenantId} and o.journey_id = j.id where ${journeys(at)}`,
  customer: sql`j.customer_id`,
  metrics: [
    {
      key: 'success.onboarding_tasks_done_share',
      unit: 'percent',
      direction: 'up',
      words: { ja: 'オンボーディングのタスク完了率', en: 'Onboarding tasks done' },
      definition: {
        ja: 'オンボーディングジャーニーのタスクのうち、その日までに完了したものの割合です。',
        en: 'Share of the tasks of onboarding journeys that were done by the day.',
      },
      formula: 'tasks done ÷ tasks × 100',
      value: at => sql`100.0 * count(*) filter (where ${doneBy(at)}) / nullif(count(*), 0)`,
      missing: null,
    },
    {
      key: 'success.onboarding_late_tasks',
      unit: 'count',
      direction: 'down',
      words: { ja: 'オンボーディングの遅れているタスク', en: 'Late onboarding tasks' },
      definition: {
        ja: '進行中のオンボーディングジャーニーで、期限を過ぎても完了していない必須タスクの数です。一時停止中は数えません。',
        en: 'Required tasks of running onboarding journeys that are past their day and not done; paused journeys have none.',
      },
      formula: 'count(required tasks due < day, not done)',
      value: at => sql`count(*) filter (where o.required and o.due_on < ${at.day}::date and ${runs(at)}
        and (o.done_on is null or o.done_on > ${at.day}::date) and (j.paused_on is null or j.paused_on > ${at.day}::date))`,
      missing: 0,
    },
    {
      key: 'success.onboarding_training_share',
      unit: 'percent',
      direction: 'up',
      words: { ja: 'オンボーディングの研修修了率', en: 'Onboarding trainings done' },
      definition: {
        ja: 'オンボーディングジャーニーの研修のうち期限が来たものについて、その日までに修了した割合です。',
        en: 'Of the trainings of onboarding journeys due by the day, the share that was done by then.',
      },
      formula: 'trainings done ÷ trainings due × 100',
      value: at => sql`100.0 * count(*) filter (where o.training and o.due_on <= ${at.day}::date and ${doneBy(at)})
        / nullif(count(*) filter (where o.training and o.due_on <= ${at.day}::date), 0)`,
      missing: null,
    },
  ],
}

const phaseSource: MetricSource = {
  key: 'onboarding_phases',
  facts: 'success',
  rows: at => sql`onboarding_journey j
    join onboarding_phase p on p.tenant_id = ${at.tenantId} and p.journey_id = j.id where ${journeys(at)}`,
  customer: sql`j.customer_id`,
  metrics: [
    {
      key: 'success.onboarding_phases_done_share',
      unit: 'percent',
      direction: 'up',
      words: { ja: 'オンボーディングのフェーズ完了率', en: 'Onboarding phases done' },
      definition: {
        ja: 'オンボーディングジャーニーのフェーズのうち、その日までに次へ進んだものの割合です。',
        en: 'Share of the phases of onboarding journeys that were left by the day.',
      },
      formula: 'phases left ÷ phases × 100',
      value: at => sql`100.0 * count(*) filter (where p.left_on <= ${at.day}::date) / nullif(count(*), 0)`,
      missing: null,
    },
    {
      key: 'success.onboarding_phase_days',
      unit: 'days',
      direction: 'down',
      words: { ja: '現在のフェーズに入ってからの日数', en: 'Days in the current onboarding phase' },
      definition: {
        ja: '進行中のオンボーディングジャーニーが、現在のフェーズに入ってからの日数です。',
        en: 'Days since the running onboarding journey came into the phase that it is in.',
      },
      formula: 'day − phase entered',
      value: at => sql`${at.day}::date - max(p.entered_on) filter (where ${runs(at)} and p.entered_on <= ${at.day}::date
        and (p.left_on is null or p.left_on > ${at.day}::date))`,
      missing: null,
    },
  ],
}

export const onboardingSources: readonly MetricSource[] = [journeySource, taskSource, phaseSource]
