/** Keys that are put together at run time: the text before the first `${`, with the reason beside each. */
export const dynamicPrefixes = [
  'blueprints.', // before or after
  'blueprints.action.', // the action
  'blueprints.count.', // the action
  'blueprints.kind.', // the kind
  'blueprints.section.', // the section
  'flows.act.', // the action
  'flows.arm.', // which group
  'flows.assign.', // whom
  'flows.came.', // what came of a contact
  'flows.change.', // what is changed
  'flows.contact.', // the way
  'flows.changedTo.', // the state
  'flows.crosses.', // the direction
  'flows.happening.', // what happened
  'flows.kind.', // the kind
  'flows.mails.', // the figure
  'flows.move.', // in or out
  'flows.noticeText.', // the language
  'flows.noticeTitle.', // the language
  'flows.certificateTitle.', // the language
  'flows.outcome.', // what became of a step
  'flows.quiet.', // beginning or end
  'flows.reason.', // the reason
  'flows.reentry.', // how often
  'flows.run.', // state of an enrolment
  'flows.save.', // why it is not saved
  'flows.score.', // the score
  'flows.sendTo.', // main person or all
  'flows.side.', // before or after
  'flows.state.', // the state
  'flows.step.', // the kind of step
  'flows.subject.', // customer or contact
  'flows.subjectHint.', // the same, explained
  'flows.tab.', // the part
  'flows.testWith.', // customer or contact
  'flows.trigger.', // the kind of trigger
  'flows.unit.', // the unit of time
  'flows.way.', // the way
  'flows.winBack.', // stage or result
  'flows.when.', // the kind of trigger
  'notices.card.', // the action
  'record.level.', // the level
  'upsell.field.', // the field
  'upsell.eventPlan.', // the plan of the event
  'upsell.kind.', // the kind
  'upsell.meaning.', // what the event says
  'upsell.set.', // the status
  'upsell.signal.', // the signal
  'upsell.status.', // the status
  'upsell.timing.', // the timing
  'inApp.kind.', // the kind
  'inApp.state.', // the state
  'inApp.figure.', // the figure
  'inApp.mode.', // the mode
  'inApp.language.', // the language
  'inApp.tone.', // the colour
  'inApp.audience.', // the kind
  'inApp.frequency.', // how often
  'mailing.state.', // the state
  'mailing.language.', // the language
  'mailing.kind.', // the kind
  'mailing.audience.', // the kind
  'mailing.reason.', // the reason
  'mailing.figure.', // the figure
  'mailing.message.', // the state
  'mailing.block.', // the kind
  'mailing.check.', // the state
  'mailing.suppressed.', // the reason
  'mailing.provider.', // the kind
  'mailing.credential.', // the kind
  'mailing.side.', // the side
  'onboarding.', // the action, the heading, the language
  'onboarding.view.', // the view
  'onboarding.page.', // the status
  'onboarding.state.', // the state
  'onboarding.status.', // the status
  'onboarding.role.', // the role
  'onboarding.how.', // by whom
  'onboarding.step.', // the kind of step
  'onboarding.ask.', // the action
  'onboarding.on.', // what starts it
  'onboarding.urgency.', // the urgency
  'tasks.contact.', // the way
  'onboarding.edit.reason.', // why it warns
  'onboarding.edit.startHint.', // what starts it
  'tasks.view.', // the view
  'tasks.mine.', // whose
  'tasks.status.', // the status
  'tasks.priority.', // the priority
  'tasks.source.', // who made it
  'tasks.due.', // when
  'tasks.sort.', // the order
  'tasks.editing.', // the cell
  'tasks.reasonTitle.', // the status
  'tasks.reasonHint.', // the status
  'tasks.set.', // the status
  'tasks.repeat.', // the step
  'tasks.every.', // the step
  'tasks.weekday.', // the day
  'tasks.link.', // the kind
  'tasks.step.', // the kind of step
  'tasks.field.', // the field
  'alerts.view.', // the view
  'alerts.mine.', // whose
  'alerts.severity.', // the severity
  'alerts.reason.', // the reason
  'alerts.done.', // the action
  'alerts.skip.', // the reason
  'alerts.step.', // the kind of step
  'leads.count.', // what is counted
  'leads.kind.', // the kind
  'leads.lead.', // who is a lead
  'leads.part.', // the part
  'leads.state.', // the state
  'risks.level.', // the level
  'churn.level.', // how grave a band is
  'churn.rule.', // what counts as churn
  'churn.ruleHint.', // the same, explained
  'churn.heldText.', // why no model judges
  'churn.confidence.', // how sure a score is
  'churn.algorithm.', // forest or boosting
  'churn.method.', // what a model is compared with
  'churn.dueBecause.', // why a new training is due
  'churn.drift.', // how large the drift is
  'churn.stage.', // how far a training is
  'churn.state.', // state of a version
  'risks.state.', // the state
  'risks.tab.', // which of them
  'rules.kind.', // the kind
  'rules.kpi.', // the figure
  'rules.op.', // the comparison
  'rules.event.', // the event
  'rules.state.', // the state
  'rules.pace.', // the pace
  'rules.changedTo.', // the state
  'notices.severity.', // the severity
  'notices.topic.', // the topic
  'notices.choice.', // the way
  'notices.day.', // the day
  'notices.kind.', // the kind
  'notices.kindHint.', // the kind
  'notices.way.', // the way
  'notices.deliveryState.', // the state
  'notices.reason.', // the reason
  'kpis.theme.', // the theme
  'kpis.window.', // the window
  'kpis.state.', // how it stands to the target
  'kpis.bound.', // the comparison
  'kpis.boundName.', // the same in the dialog
  'kpis.about.', // whose customers
  'kpis.direction.', // what is better
  'kpis.blueprint.', // the programme
  'kpis.unit.', // the unit
  'kit.health.', // the band
  'kit.dates.', // the preset
  'frame.theme.', // the theme
  'frame.density.', // the density
  'frame.language.', // the language
  'gallery.tabs.', // the tab
  'roles.', // the role
  'settings.nav.', // the group
  'permissions.', // the permission
  'permissions.area.', // the part of the product
  'permissions.scope.', // the record scope
  'permissions.scopeText.', // the same, explained
  'company.currency.', // the currency
  'members.state.', // the invitation's state
  'keys.state.', // the key's state
  'audit.action.', // the action
  'audit.actor.', // the kind of actor
  'audit.detail.', // the name of a detail
  'audit.fault.', // what is wrong with the chain
  'audit.field.', // the company's field
  'audit.group.', // the group of actions
  'audit.outcome.', // the outcome
  'audit.subject.', // the kind of subject
  'jobs.job.', // the name of the job
  'jobs.state.', // the job's state
  'mailbox.state.', // the mail's state
  'health.noMovers.', // the direction
  'scorecards.backtest.', // the part
  'scorecards.backtest.nothing.', // the part
  'scorecards.band.', // the part
  'scorecards.colour.', // the part
  'scorecards.exception.', // the part
  'scorecards.missing.', // the part
  'scorecards.state.', // the part
  'scorecards.tab.', // the part
  'scorecards.scale.', // the part
  'scorecards.shape.', // the part
  'scorecards.source.', // the part
  'scorecards.card.', // the part
  'conditions.', // the part
  'conditions.changeShort.', // the part
  'conditions.contactCount.', // the part
  'conditions.contacts.', // the part
  'conditions.contactsMode.', // the part
  'conditions.count.', // the part
  'conditions.countShort.', // the part
  'conditions.did.', // the part
  'conditions.didShort.', // the part
  'conditions.eventChange.', // the part
  'conditions.groupName.', // the part
  'conditions.in.', // the part
  'conditions.metricChange.', // the part
  'conditions.mode.', // the part
  'conditions.of.', // the part
  'conditions.propertyOp.', // the part
  'conditions.sentence.', // the part
  'conditions.whenShort.', // the part
  'metrics.direction.', // the part
  'metrics.kind.', // the part
  'metrics.measure.', // the part
  'metrics.record.', // the part
  'metrics.unitName.', // the part
  'lifecycle.action.', // the action
  'lifecycle.by.', // the cause
  'lifecycle.form.mail.body.', // the language
  'lifecycle.form.mail.subject.', // the language
  'lifecycle.kind.', // the kind
  'lifecycle.log.channel.', // the state
  'lifecycle.log.mail.', // the state
  'lifecycle.log.reason.', // the reason
  'lifecycle.log.state.', // the state
  'lifecycle.number.', // the number
  'lifecycle.state.', // the state
  'lifecycle.tab.', // the tab
  'segments.kind.', // the part
  'segments.record.', // the part
  'segments.state.', // the part
  'segments.use.', // the part
  'contacts.tab.', // the tab
  'customer.advocacyStatus.', // the advocacy status
  'customer.advocacyType.', // the advocacy type
  'customer.cause.', // the cause
  'customer.component.', // the component
  'customer.contractStatus.', // the contract status
  'customer.historyField.', // the history field
  'customer.interval.', // the interval
  'customer.intervalName.', // the interval name
  'customer.invoiceStatus.', // the invoice status
  'customer.metric.', // the metric
  'customer.migrationStatus.', // the migration status
  'customer.milestoneStatus.', // the milestone status
  'customer.onboardingStatus.', // the onboarding status
  'customer.outcome.', // the outcome
  'customer.planStatus.', // the plan status
  'customer.planType.', // the plan type
  'customer.priority.', // the priority
  'customer.profile.', // the profile
  'customer.review.', // the review
  'customer.reviewType.', // the review type
  'customer.tab.', // the tab
  'customers.bulk.', // the bulk
  'customers.column.', // the column
  'customers.edit.', // the edit
  'customers.editing.', // the editing
  'customers.view.', // the built-in view
  'duplicates.', // the duplicates
  'duplicates.reason.', // the reason
  'fields.record.', // the record
  'fields.type.', // the type
  'imports.kind.', // the kind of data
  'imports.kindHint.', // the kind of data
  'imports.sample.', // the kind of data
  'imports.matching.', // the kind of data
  'imports.state.', // the state
  'imports.source.', // where it came from
  'imports.outcome.', // the outcome
  'imports.would.', // the outcome
  'imports.working.', // the work
  'imports.cancel.', // the work
  'imports.ended.', // how it ended
  'imports.format.', // the format
  'imports.encoding.', // the encoding
  'imports.delimiter.', // the delimiter
  'imports.group.', // the group of fields
  'imports.type.', // the type of attribute
  'imports.choice.', // the value of a choice
  'imports.duplicates.', // the policy
  'imports.duplicatesHint.', // the policy
  'imports.problems.', // the policy
  'imports.problemsHint.', // the policy
  'kit.trend.', // the trend
  'record.category.', // the category
  'record.compose.', // the compose
  'record.consent.', // the consent
  'record.emailState.', // the email state
  'record.field.', // the field
  'record.group.', // the group
  'record.kind.', // the kind of entry
  'record.kind.revenue.', // the revenue
  'record.mine.', // whose
  'record.op.', // the comparison
  'record.phrase.', // the comparison
  'record.risk.', // the risk
  'record.sentiment.', // the sentiment
  'record.stakeholder.', // the stakeholder
  'record.status.', // the status
  'record.ticketPriority.', // the ticket priority
  'record.ticketStatus.', // the ticket status
  'record.uses.', // the kind of use
  'sources.kind.', // the kind of source
  'sources.kindHint.', // the kind of source
  'sources.state.', // the state
  'sources.count.', // the count
  'sources.tab.', // the tab
  'sources.way.', // the way to send
  'sources.wayText.', // the way to send
  'sources.step.', // the step
  'sources.rate.hours.', // the period
  'sources.finding.', // the kind of finding
  'sources.delivery.', // the state of a delivery
  'tiers.measure.', // the measure
]
