"""An Ansible callback that writes what happens as playbake's events, so that both can be asked to print the same run."""

import json
import os

from ansible.executor.stats import AggregateStats
from ansible.parsing.ajson import AnsibleJSONEncoder
from ansible.plugins.callback import CallbackBase

DOCUMENTATION = """
name: record_events
type: aggregate
short_description: playbake's events
description: [Writes one event a line into the file that $RECORD_EVENTS names.]
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = 'aggregate'
    CALLBACK_NAME = 'record_events'

    def __init__(self):
        super().__init__()
        self.out = open(os.environ['RECORD_EVENTS'], 'w')
        self.ids = {}

    def put(self, type, **fields):
        self.out.write(json.dumps({'type': type, **fields}, cls=AnsibleJSONEncoder) + '\n')
        self.out.flush()

    def task(self, task, handler=None):
        known = self.ids.get(task._uuid)
        if known is None or handler is not None:
            path, _, line = (task.get_path() or 'unknown:1').rpartition(':')
            known = {
                'id': len(self.ids) + 1, 'name': task.get_name().strip(), 'action': task.action.split('.')[-1],
                'where': {'file': path, 'line': int(line), 'column': 7}, 'handler': bool(handler), 'check': bool(task.check_mode),
            }
            self.ids[task._uuid] = known
        return known

    def clean(self, result):
        data = {key: value for key, value in result._result.items() if key != '_ansible_delegated_vars'}
        # Ansible's silence about `assert: quiet` is said aloud in an event.
        if result._task.action == 'assert':
            data.setdefault('_ansible_verbose_always', False)
        return data

    def diffs(self, diff):
        diffs = diff if isinstance(diff, list) else [diff] if diff else []
        found = []
        for one in diffs:
            if 'before' not in one or 'after' not in one:
                continue
            event = {side: self._serialize_diff(one[side]) if isinstance(one[side], dict) else one[side] for side in ('before', 'after')}
            for side in ('before', 'after'):
                if side + '_header' in one:
                    event[side + 'Header'] = one[side + '_header']
            found.append(event)
        return found

    def result(self, result, status, ignored=False):
        data = self.clean(result)
        loop = bool(result._task.loop) and 'results' in data
        diff = [] if loop else self.diffs(data.get('diff'))
        if loop:
            del data['results']
        fields = {'delegatedTo': result._task.delegate_to} if result._task.delegate_to else {}
        self.put('result', task=self.task(result._task), host=result._host.get_name(), status=status, result=data,
                 diff=diff if self.shows_diff() else [], ignored=bool(ignored), loop=loop, seconds=0.1, **fields)

    def item(self, result, status):
        data = self.clean(result)
        label = self._get_item_label(data)
        fields = {'delegatedTo': result._task.delegate_to} if result._task.delegate_to else {}
        self.put('item', task=self.task(result._task), host=result._host.get_name(), status=status, label=str(label), result=data,
                 diff=self.diffs(data.get('diff')) if self.shows_diff() else [], ignored=False, **fields)

    def shows_diff(self):
        from ansible import context
        return context.CLIARGS['diff']

    def v2_playbook_on_start(self, playbook):
        from ansible import context
        self.put('run-start', playbooks=[playbook._file_name], check=context.CLIARGS['check'], diff=context.CLIARGS['diff'])
        self.put('playbook-start', file=playbook._file_name)

    def v2_playbook_on_play_start(self, play):
        self.put('play-start', name=play.get_name().strip(), hosts=[], where={'file': 'play.yml', 'line': 1, 'column': 3})

    def v2_playbook_on_no_hosts_matched(self):
        self.put('no-hosts', name='', where={'file': 'play.yml', 'line': 1, 'column': 3})

    def v2_playbook_on_no_hosts_remaining(self):
        self.put('no-hosts-left')

    def v2_playbook_on_task_start(self, task, is_conditional):
        self.put('task-start', task=self.task(task, False), hosts=[])

    def v2_playbook_on_handler_task_start(self, task):
        self.put('task-start', task=self.task(task, True), hosts=[])

    def v2_playbook_on_notify(self, handler, host):
        self.put('note', level=2, message='NOTIFIED HANDLER %s for %s' % (handler.get_name(), host))

    def v2_playbook_on_include(self, included):
        label = self._get_item_label(included._vars)
        self.put('included', task=self.task(included._task), file=included._filename, hosts=[h.name for h in included._hosts],
                 **({'label': label} if label else {}))

    def v2_runner_retry(self, result):
        data = result._result
        self.put('retry', task=self.task(result._task), host=result._host.get_name(), attempt=data['attempts'],
                 retriesLeft=data['retries'] - data['attempts'], result=self.clean(result))

    def v2_runner_on_ok(self, result):
        self.result(result, 'changed' if result._result.get('changed') else 'ok')

    def v2_runner_on_failed(self, result, ignore_errors=False):
        self.result(result, 'failed', ignore_errors)

    def v2_runner_on_skipped(self, result):
        self.result(result, 'skipped')

    def v2_runner_on_unreachable(self, result):
        self.result(result, 'unreachable', bool(result._task.ignore_unreachable))

    def v2_runner_item_on_ok(self, result):
        self.item(result, 'changed' if result._result.get('changed') else 'ok')

    def v2_runner_item_on_failed(self, result):
        self.item(result, 'failed')

    def v2_runner_item_on_skipped(self, result):
        self.item(result, 'skipped')

    def v2_playbook_on_stats(self, stats: AggregateStats):
        hosts = {}
        for host in stats.processed:
            counts = stats.summarize(host)
            counts['failed'] = counts.pop('failures')
            hosts[host] = counts
        self.put('run-end', stats=hosts, seconds=1, interrupted=False)
