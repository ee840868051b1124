/**
 * What of kubectl is offered: each verb with its flags, as `kubectl VERB --help` of 1.20 to 1.36 describes them. What is not here is
 * refused. A flag is `short,name` and what it takes: `?` true or false, `=` a value, `~` a value only with `=`. `@name` stands for a group.
 *
 * Left out on purpose: what reads or writes files of the host, chooses the server or the person, or runs a program
 * (docs/web-shell.md, "What is refused"). A test holds each kubectl's own help against this table and REFUSED_FLAGS.
 */
export const VERB_TABLE = `
get: @print A,all-namespaces? chunk-size= field-selector= f,filename= ignore-not-found? L,label-columns= no-headers? output-watch-events? raw= l,selector= server-print? show-kind? show-labels? sort-by= subresource= w,watch? watch-only?
describe: A,all-namespaces? chunk-size= f,filename= l,selector= show-events?
logs: all-containers? all-pods? c,container= f,follow? ignore-errors? insecure-skip-tls-verify-backend? limit-bytes= max-log-requests= pod-running-timeout= prefix? p,previous? l,selector= since= since-time= tail= timestamps?
exec: c,container= pod-running-timeout= q,quiet? i,stdin? t,tty?
attach: c,container= pod-running-timeout= q,quiet? i,stdin? t,tty? detach-keys=
top:
top pod: A,all-namespaces? containers? field-selector= no-headers? l,selector= show-swap? sort-by= sum? use-protocol-buffers?
top node: no-headers? l,selector= show-capacity? show-swap? sort-by= use-protocol-buffers?
events: @print A,all-namespaces? chunk-size= for= no-headers? types= w,watch?
explain: api-version= o,output= R,recursive?
api-resources: api-group= cached? categories= namespaced? no-headers? o,output= show-managed-fields? sort-by= verbs=
api-versions:
version: client? o,output=
auth can-i: A,all-namespaces? list? no-headers? q,quiet? subresource=
auth whoami: @print
auth reconcile: @print dry-run~ f,filename= remove-extra-permissions? remove-extra-subjects?
rollout status: f,filename= revision= l,selector= timeout= w,watch?
rollout history: @print f,filename= revision= l,selector=
rollout restart: @print field-manager= f,filename= l,selector=
rollout undo: @print dry-run~ f,filename= l,selector= to-revision=
rollout pause: @print field-manager= f,filename= l,selector=
rollout resume: @print field-manager= f,filename= l,selector=
scale: @print all? current-replicas= dry-run~ f,filename= replicas= resource-version= l,selector= timeout=
delete: all? A,all-namespaces? cascade~ dry-run~ field-selector= f,filename= force? grace-period= ignore-not-found? i,interactive? now? o,output= l,selector= timeout= wait?
label: @print @change all? A,all-namespaces? field-selector= f,filename= list? local? overwrite? resource-version= l,selector=
annotate: @print @change all? A,all-namespaces? field-selector= f,filename= list? local? overwrite? resource-version= l,selector=
cordon: dry-run~ l,selector=
uncordon: dry-run~ l,selector=
drain: chunk-size= delete-emptydir-data? disable-eviction? dry-run~ force? grace-period= ignore-daemonsets? pod-selector= l,selector= skip-wait-for-delete-timeout= timeout=
taint: @print @change all? overwrite? l,selector= validate~
create: @print @change edit? f,filename= save-config? l,selector= validate~
create clusterrole: @print @change aggregation-rule= non-resource-url= resource= resource-name= save-config? validate~ verb=
create clusterrolebinding: @print @change clusterrole= group= save-config? serviceaccount= user= validate~
create configmap: @print @change append-hash? from-env-file= from-file= from-literal= save-config? validate~
create cronjob: @print @change image= restart= save-config? schedule= validate~
create deployment: @print @change image= port= r,replicas= save-config? validate~
create ingress: @print @change annotation= class= default-backend= rule= save-config? validate~
create job: @print @change from= image= save-config? validate~
create namespace: @print @change save-config? validate~
create poddisruptionbudget: @print @change max-unavailable= min-available= save-config? selector= validate~
create priorityclass: @print @change description= global-default? preemption-policy= save-config? validate~ value=
create quota: @print @change hard= save-config? scopes= validate~
create role: @print @change resource= resource-name= save-config? validate~ verb=
create rolebinding: @print @change clusterrole= group= role= save-config? serviceaccount= user= validate~
create secret generic: @print @change append-hash? from-env-file= from-file= from-literal= save-config? type= validate~
create secret docker-registry: @print @change append-hash? docker-email= docker-password= docker-server= docker-username= from-file= save-config? validate~
create secret tls: @print @change append-hash? cert= key= save-config? validate~
create service clusterip: @print @change clusterip= save-config? tcp= validate~
create service externalname: @print @change external-name= save-config? tcp= validate~
create service loadbalancer: @print @change save-config? tcp= validate~
create service nodeport: @print @change node-port= save-config? tcp= validate~
create serviceaccount: @print @change save-config? validate~
create token: @print audience= bound-object-kind= bound-object-name= bound-object-uid= duration=
set env: @print @change all? c,containers= e,env= f,filename= from= keys= list? local? overwrite? prefix= resolve? l,selector=
set image: @print @change all? f,filename= local? l,selector=
set resources: @print @change all? c,containers= f,filename= limits= local? requests= l,selector=
set selector: @print @change all? f,filename= local? resource-version=
set serviceaccount: @print @change all? f,filename= local?
set subject: @print @change all? f,filename= group= local? l,selector= serviceaccount= user=
apply: @print @change all? cascade~ f,filename= force? force-conflicts? grace-period= openapi-patch? overwrite? prune? prune-allowlist= l,selector= server-side? subresource= timeout= validate~ wait?
apply set-last-applied: @print create-annotation? dry-run~ f,filename=
apply view-last-applied: all? f,filename= o,output= l,selector=
cluster-info:
cluster-info dump: @print A,all-namespaces? namespaces= pod-running-timeout=
wait: @print all? A,all-namespaces? field-selector= f,filename= for= local? l,selector= timeout=
run: @print @change annotations= attach? cascade~ command? env= expose? force? grace-period= image= image-pull-policy= l,labels= leave-stdin-open? override-type= overrides= pod-running-timeout= port= privileged? q,quiet? restart= rm? save-config? i,stdin? timeout= t,tty? wait? detach-keys=
expose: @print @change cluster-ip= external-ip= f,filename= l,labels= load-balancer-ip= name= override-type= overrides= port= protocol= save-config? selector= session-affinity= target-port= type=
autoscale: @print @change cpu= cpu-percent= f,filename= max= memory= min= name= save-config?
patch: @print @change f,filename= local? p,patch= patch-file= subresource= type=
replace: @print @change cascade~ f,filename= force? grace-period= save-config? subresource= timeout= validate~ wait?
debug: arguments-only? attach? c,container= copy-to= env= f,filename= image= image-pull-policy= keep-annotations? keep-init-containers? keep-labels? keep-liveness? keep-readiness? keep-startup? profile= q,quiet? replace? same-node? set-image= share-processes? i,stdin? target= t,tty?
edit: @print field-manager= output-patch? save-config? subresource= validate~
diff: f,filename= field-manager= server-side? force-conflicts?
completion:
options:
certificate approve: @print f,filename= force?
certificate deny: @print f,filename= force?
cp: c,container= no-preserve? retries=
help:
`;

/** Flags of every verb. Who is impersonated is the gateway's to decide. */
export const GLOBAL_FLAGS =
  "n,namespace= as= as-group= as-uid= request-timeout= v,v= match-server-version? warnings-as-errors? h,help?";

export const FLAG_GROUPS: Record<string, string> = {
  print: "o,output= template= allow-missing-template-keys? show-managed-fields?",
  change: "dry-run~ field-manager=",
};

/** Other names that kubectl has for a verb. */
export const VERB_ALIASES: Record<string, string> = {
  "top pods": "top pod",
  "top po": "top pod",
  "top nodes": "top node",
  "top no": "top node",
  "create cm": "create configmap",
  "create cj": "create cronjob",
  "create deploy": "create deployment",
  "create ing": "create ingress",
  "create ns": "create namespace",
  "create pdb": "create poddisruptionbudget",
  "create pc": "create priorityclass",
  "create resourcequota": "create quota",
  "create sa": "create serviceaccount",
  "create svc": "create service",
  "set sa": "set serviceaccount",
};

const OWN_KUBECTL = "use the kubectl of your own machine, with a kubeconfig from My access";

/** Verbs that exist and are refused, each with why and what to do instead. */
export const REFUSED_VERBS: Record<string, string> = {
  "port-forward": `port-forward opens a port, and nobody could reach one here: ${OWN_KUBECTL}`,
  proxy: `proxy opens a port, and nobody could reach one here: ${OWN_KUBECTL}`,
  kustomize: `kustomize reads folders and addresses and may run programs: build on your own machine, upload the result and apply it with -f`,
  plugin: "there are no plugins here",
  kuberc: "there are no preferences of kubectl here",
  alpha: "alpha is not offered here",
  "apply edit-last-applied":
    "apply edit-last-applied is not offered here: use apply view-last-applied, edit the file and apply it",
};

/** Flags that exist and are refused, each with why. Any other unknown flag is refused too. */
export const REFUSED_FLAGS: Record<string, string> = {
  kubeconfig: "this shell is for one cluster, as you",
  server: "this shell is for one cluster, as you",
  cluster: "this shell is for one cluster, as you",
  context: "this shell is for one cluster, as you",
  user: "this shell is for one cluster, as you",
  token: "this shell is for one cluster, as you",
  username: "this shell is for one cluster, as you",
  password: "this shell is for one cluster, as you",
  "as-user-extra": "the gateway passes on no extra fields",
  "certificate-authority": "the gateway keeps the connection to the cluster",
  "client-certificate": "the gateway keeps the connection to the cluster",
  "client-key": "the gateway keeps the connection to the cluster",
  "tls-server-name": "the gateway keeps the connection to the cluster",
  "insecure-skip-tls-verify": "the gateway keeps the connection to the cluster",
  "disable-compression": "the gateway keeps the connection to the cluster",
  "cache-dir": "the cache is the shell's own",
  profile: "kubectl's own profiles write files",
  "profile-output": "kubectl's own profiles write files",
  kuberc: "there are no preferences of kubectl here",
  "log-file": "kubectl's own log goes to the terminal: use -v",
  "log-file-max-size": "kubectl's own log goes to the terminal: use -v",
  "log-dir": "kubectl's own log goes to the terminal: use -v",
  "log-backtrace-at": "kubectl's own log goes to the terminal: use -v",
  "log-flush-frequency": "kubectl's own log goes to the terminal: use -v",
  logtostderr: "kubectl's own log goes to the terminal: use -v",
  alsologtostderr: "kubectl's own log goes to the terminal: use -v",
  stderrthreshold: "kubectl's own log goes to the terminal: use -v",
  "skip-headers": "kubectl's own log goes to the terminal: use -v",
  "skip-log-headers": "kubectl's own log goes to the terminal: use -v",
  "one-output": "kubectl's own log goes to the terminal: use -v",
  "add-dir-header": "kubectl's own log goes to the terminal: use -v",
  vmodule: "kubectl's own log goes to the terminal: use -v",
  kustomize:
    "it reads folders and addresses: build on your own machine, upload the result and apply it with -f",
  filename: "this command takes no file",
  recursive: "-f takes one file of your directory, or -",
  "output-directory": "the output comes to the terminal: write it to a file with >",
  custom: "a profile of your own is not offered: use --profile with one of kubectl's names",
  raw: "only get --raw is offered",
  "windows-line-endings": "there are no Windows files here",
};
