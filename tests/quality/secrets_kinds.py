"""secrets.py - tokens, passwords, keys; systems' own security

Tokens have a fixed form, so they share the places they are left in: configuration,
scripts, chats, tickets.
"""
import values as v
import words
from kinds import PLAIN, PROVED, Kind, plain

ALL = ("secret.*", "net.*", "system.*")

PLACES = ["export TOKEN={v}", 'token: "{v}"', "Authorization: Bearer {v}", "api_key = '{v}'", "the key is {v} please delete this message",
          '{{"key": "{v}"}}', "<value>{v}</value>", "curl -H 'X-Token: {v}' https://api.{w}.org/v1", "SECRET={v}", "- key: {v}",
          "I rotated it on {date}, the new one is {v}", "{v}"]
PLACES = [p.replace("{{", "{").replace("}}", "}") for p in PLACES]
FOREIGN = ["commit {hex40}", "sha256:{hex40}{hex32}", "id {uuid}", "<your-token-here>", "TOKEN=${TOKEN}", "token = os.environ['{w}']",
           "see the {w} docs", "x" * 40, "the token has expired", "{hex32}"]
LABELS = ["Token", "Key", "API key", "secret", "Value"]


def tokens(rule, make, wrong, foreign=(), sentences=None, labels=LABELS, gate=PROVED, allow=ALL, **more):
    Kind(rule, gate, make, sentences=sentences or PLACES, labels=labels, wrong=wrong,
         foreign=list(foreign) + FOREIGN, allow=allow, near_allow=("secret.api-key",), table=False, **more)
    # (a token cut short or of another service is no less a key beside its label)


def short(make, n=6):
    """Cut off: not a whole token."""
    return lambda r: make(r)[:-n]


def filler(prefix, n, sign="x"):
    return lambda r: prefix + sign * n


T = v.token
B32 = v.UPPER + "234567"


def aws_id(r):
    return r.choice(["AKIA", "AKIA", "ASIA"]) + v.pick(r, B32, 15) + r.choice("234567")


tokens("secret.aws-access-key", aws_id, [short(aws_id, 2), filler("AKIA", 16, "X"), lambda r: aws_id(r).lower(), lambda r: aws_id(r) + T(r, 4)])


def b64chars(r, n):
    return T(r, n, v.TOKEN + "/+")


tokens("secret.aws-secret-key", lambda r: b64chars(r, 40),
       [lambda r: b64chars(r, 36), lambda r: b64chars(r, 44), filler("", 40), lambda r: "${AWS_SECRET}"],
       sentences=["aws_secret_access_key = {v}", "AWS_SECRET_ACCESS_KEY={v}", 'aws_secret_access_key: "{v}"', "export AWS_SECRET_ACCESS_KEY='{v}'",
                  '"awsSecretAccessKey": "{v}",', "AWS secret key: {v}", "aws.secret.access.key={v}"],
       labels=["aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"])


def azure_key(r):
    return r.choice(["AccountKey=", "AccountKey=", "SharedAccessKey="]) + v.b64(r, 64)


def azure_any(r):
    return "AccountKey=" + v.b64(r, 64) if r.random() < 0.6 else "SharedAccessKey=" + v.b64(r, 32)


tokens("secret.azure-key", azure_any, [lambda r: "AccountKey=" + v.b64(r, 10), lambda r: "AccountKey=" + "A" * 86 + "==", lambda r: "AccountKey=${KEY}"],
       sentences=["DefaultEndpointsProtocol=https;AccountName={w};{v};EndpointSuffix=core.windows.net", "Endpoint=sb://{w}.servicebus.windows.net/;SharedAccessKeyName=root;{v}",
                  'conn = "AccountName={w};{v}"', "{v}", "storage: {v}"], labels=["Connection", "storage"])


def azure_client(r):
    return T(r, 3) + r.choice(v.DIGITS) + "Q~" + T(r, 34, v.TOKEN + "_~.-")[:-1] + r.choice(v.TOKEN)


tokens("secret.azure-client-secret", azure_client, [short(azure_client, 9), lambda r: azure_client(r).replace("Q~", "Q-"), filler("abc8Q~", 34)],
       sentences=["AZURE_CLIENT_SECRET={v}", "client_secret: {v}", 'clientSecret = "{v}"', "Client secret value: {v}", "client secret {v}",
                  "ClientSecret={v};", '"client_secret": "{v}"', "client-secret={v}"],
       labels=["client_secret", "Client secret", "ClientSecret"])

tokens("secret.github-token", lambda r: r.choice(["ghp_", "gho_", "ghu_", "ghs_"]) + T(r, 36) if r.random() < 0.7 else "github_pat_" + T(r, 22) + "_" + T(r, 59),
       [lambda r: "ghp_" + T(r, 20), filler("ghp_", 36), lambda r: "ghz_" + T(r, 36), lambda r: "xghp_" + T(r, 36)])
tokens("secret.gitlab-token", lambda r: r.choice(["glpat-", "gldt-", "glptt-"]) + T(r, 20), [lambda r: "glpat-" + T(r, 9), filler("glpat-", 20), lambda r: "glxyz-" + T(r, 20)])
tokens("secret.slack-token", lambda r: "xoxb-%s-%s-%s" % (v.digits(r, 12), v.digits(r, 12), T(r, 24)) if r.random() < 0.6 else
       "xoxp-%s-%s-%s-%s" % (v.digits(r, 12), v.digits(r, 12), v.digits(r, 12), v.pick(r, v.HEX, 32)),
       [lambda r: "xoxb-" + v.digits(r, 3), lambda r: "xoxq-%s-%s" % (v.digits(r, 12), T(r, 24)), lambda r: "xoxb-your-token"])
tokens("secret.slack-webhook", lambda r: "https://hooks.slack.com/services/T%s/B%s/%s" % (T(r, 8, v.ALNUM), T(r, 10, v.ALNUM), T(r, 24)),
       [lambda r: "https://hooks.slack.com/services/T%s" % T(r, 6), lambda r: "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", lambda r: "https://slack.com/services/T%s/B%s/%s" % (T(r, 8), T(r, 8), T(r, 24))])
tokens("secret.google-api-key", lambda r: "AIza" + T(r, 35, v.TOKEN + "_-"), [lambda r: "AIza" + T(r, 20), filler("AIza", 35), lambda r: "AIzb" + T(r, 35)])
tokens("secret.jwt", v.jwt, [lambda r: v.jwt(r).split(".")[0], lambda r: "eyJ" + "x" * 20 + ".eyJ" + "x" * 20 + "." + "x" * 20, lambda r: ".".join([v.b64url(b'{"a":1}'), v.b64url(b'{"b":2}'), T(r, 30)])])
tokens("secret.stripe-key", lambda r: r.choice(["sk_live_", "rk_live_", "sk_live_"]) + T(r, 24), [lambda r: "sk_live_" + T(r, 5), filler("sk_live_", 24), lambda r: "pk_live_" + T(r, 24)])
tokens("secret.sendgrid-key", lambda r: "SG." + T(r, 22, v.TOKEN + "_-") + "." + T(r, 43, v.TOKEN + "_-"), [lambda r: "SG." + T(r, 22), lambda r: "SG." + "x" * 22 + "." + "x" * 43, lambda r: "SH." + T(r, 22) + "." + T(r, 43)])
tokens("secret.teams-webhook", lambda r: "https://%s.webhook.office.com/webhookb2/%s@%s/IncomingWebhook/%s/%s" % (r.choice(words.TOWN).lower(), v.uuid(r), v.uuid(r), v.pick(r, v.HEX, 32), v.uuid(r)),
       [lambda r: "https://x.webhook.office.com/webhookb2/", lambda r: "https://x.office.com/webhookb2/%s@%s/IncomingWebhook/%s/%s" % (v.uuid(r), v.uuid(r), v.pick(r, v.HEX, 32), v.uuid(r))])
tokens("secret.openai-key", lambda r: "sk-" + T(r, 20) + "T3BlbkFJ" + T(r, 20) if r.random() < 0.5 else "sk-proj-" + T(r, 74, v.TOKEN + "_-") + "T3BlbkFJ" + T(r, 74, v.TOKEN + "_-"),
       [lambda r: "sk-" + T(r, 12), filler("sk-", 48), lambda r: "sk-" + T(r, 10) + "T3BlbkFJ"])
tokens("secret.anthropic-key", lambda r: "sk-ant-api03-" + T(r, 93, v.TOKEN + "_-") + "AA", [lambda r: "sk-ant-api03-" + T(r, 20), filler("sk-ant-api03-", 95), lambda r: "sk-ant-" + T(r, 9)])
tokens("secret.huggingface-token", lambda r: "hf_" + v.pick(r, v.UPPER + v.UPPER.lower(), 34), [lambda r: "hf_" + T(r, 12), filler("hf_", 34), lambda r: "hf_model_name_or_path"])
tokens("secret.npm-token", lambda r: "npm_" + T(r, 36), [lambda r: "npm_" + T(r, 12), filler("npm_", 36), lambda r: "npm_config_registry"])
tokens("secret.pypi-token", lambda r: "pypi-AgEIcHlwaS5vcmc" + T(r, 90, v.TOKEN + "_-"), [lambda r: "pypi-AgEIcHlwaS5vcmc" + T(r, 9), lambda r: "pypi-" + T(r, 20), filler("pypi-AgEIcHlwaS5vcmc", 60)])
tokens("secret.vault-token", lambda r: "hvs." + T(r, 95, v.TOKEN + "_-"), [lambda r: "hvs." + T(r, 10), filler("hvs.", 95), lambda r: "hvx." + T(r, 95)])
tokens("secret.databricks-token", lambda r: "dapi" + v.pick(r, v.HEX, 32), [lambda r: "dapi" + v.pick(r, v.HEX, 20), filler("dapi", 32, "0"), lambda r: "xdapi" + v.pick(r, v.HEX, 32)])
tokens("secret.digitalocean-token", lambda r: r.choice(["dop_v1_", "doo_v1_", "dor_v1_"]) + v.pick(r, v.HEX, 64), [lambda r: "dop_v1_" + v.pick(r, v.HEX, 30), filler("dop_v1_", 64, "0"), lambda r: "dop_v9_" + v.pick(r, v.HEX, 64)])
tokens("secret.grafana-token", lambda r: "glsa_" + T(r, 32) + "_" + v.pick(r, v.HEX, 8), [lambda r: "glsa_" + T(r, 12), lambda r: "glsa_" + "x" * 32 + "_deadbeef", lambda r: "glsx_" + T(r, 32) + "_" + v.pick(r, v.HEX, 8)])
tokens("secret.onepassword-token", lambda r: "ops_eyJ" + T(r, 300, v.TOKEN), [lambda r: "ops_eyJ" + T(r, 40), lambda r: "ops_" + T(r, 40), lambda r: "ops_team_rota"])
tokens("secret.age-key", lambda r: "AGE-SECRET-KEY-1" + v.pick(r, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58), [lambda r: "AGE-SECRET-KEY-1" + v.pick(r, "QPZRY9X8", 20), lambda r: "AGE-SECRET-KEY-1", lambda r: "age1" + v.pick(r, "qpzry9x8gf2tvdw0s3jn54khce6mua7l", 58)])

def service_key(r):
    """Random, of the alphabets that services make keys of; with figures among the letters."""
    while True:
        value = r.choice([lambda: v.pick(r, v.HEX, r.choice([20, 32, 40, 64])), lambda: T(r, r.randrange(18, 60)),
                          lambda: T(r, r.randrange(20, 44), v.TOKEN + "_-"), lambda: v.uuid(r), lambda: v.b64(r, 24)])()
        if sum(c.isdigit() for c in value) > 2 and sum(c.isalpha() for c in value) > 5 and value[0].isalnum():
            return value


Kind("secret.api-key", PLAIN, service_key,
     sentences=["API_KEY={v}", "apiKey: {v}", 'api_key = "{v}"', "export PORTAL_API_TOKEN={v}", 'client_secret: "{v}"', "SECRET_KEY = '{v}'", "JWT_SECRET={v}",
                '{"accessToken": "{v}"}', '<add key="ApiKey" value="{v}" />', "<ApiKey>{v}</ApiKey>", "The API key is: {v}".replace(" is:", ":"), "X-Api-Key: {v}",
                "SONAR_TOKEN={v}", "signing_key={v}", "webhook_secret: {v}", "session.secret={v}", "API token: {v}", "{w}.access-token={v}",
                "bearer token: {v}", "Consumer secret: {v}", 'config["api_key"] = "{v}"', "api_secret => '{v}',"],
     labels=["API key", "API token", "client_secret", "Access token", "api_secret", "SECRET_KEY"], table=False,
     wrong=[lambda r: "${API_KEY}", lambda r: "<your-api-key-2024>", lambda r: "x" * 32, lambda r: "changeme", lambda r: "{{ vault_api_key_2 }}", lambda r: T(r, 9),
            lambda r: "os.environ['API_KEY_2']", lambda r: v.digits(r, 18), lambda r: "your-api-key-goes-here", lambda r: "null"],
     foreign=["nextPageToken: {d}", "csrf_token={d}", "public key: {d}", "etag: {d}", "sha256: {d}", "integrity={d}", "commit {d}", "cache-key: {d}",
              "the token of page {n} is {d}", "tls_secret: {w}-cert-2024-05", "imagePullSecret: {w}-registry-2", "API key: ask {w} on extension {n}",
              "secret_key = make_secret_key_{n}(request)", "build {d}", "correlation id {d}"],
     allow=ALL)

# Keys in blocks ------------------------------------------------------------------------


def lines64(r, n):
    return "\n".join(T(r, 64, v.TOKEN + "+/") for _ in range(n))


def pem(r):
    kind = r.choice(["RSA ", "EC ", "OPENSSH ", "", "ENCRYPTED "])
    return "-----BEGIN %sPRIVATE KEY-----\n%s\n-----END %sPRIVATE KEY-----" % (kind, lines64(r, r.randrange(4, 14)), kind)


Kind("secret.private-key", PROVED, pem, within=True, block=True, table=False,
     sentences=["{v}", "cat id_rsa\n{v}\n", "key for the {w} server, please keep:\n{v}"],
     wrong=[lambda r: "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----" % lines64(r, 5),
            lambda r: "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----" % lines64(r, 3),
            lambda r: "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----"],
     foreign=['if line.startswith("-----BEGIN PRIVATE KEY-----"):', "ssh-rsa {hex40}{hex40} ops@{w}", "the private key is kept in the safe",
              "openssl genpkey -out key.pem"], allow=ALL)


def putty(r):
    return ("PuTTY-User-Key-File-%s: %s\nEncryption: none\nComment: imported\nPublic-Lines: 4\n%s\nPrivate-Lines: 8\n%s\nPrivate-MAC: %s"
            % (r.choice("23"), r.choice(["ssh-rsa", "ssh-ed25519", "ecdsa-sha2-nistp256"]), lines64(r, 4), lines64(r, 8), v.pick(r, v.HEX, 40)))


Kind("secret.putty-key", PROVED, putty, within=True, block=True, table=False,
     sentences=["{v}", "deploy.ppk:\n{v}"], wrong=[lambda r: "PuTTY-User-Key-File-9: ssh-rsa\nEncryption: none", lambda r: "PuTTY-User-Key-File-3:"],
     foreign=["The file begins PuTTY-User-Key-File and a number.", "PuTTY release {n}", "download putty.exe"], allow=ALL)

# Passwords -----------------------------------------------------------------------------

Kind("secret.password", PLAIN, v.password,
     sentences=["password: {v}", "Password = {v}", "The password is {v} - please change it.", "Username: {w}\nPassword: {v}", "DB_PASSWORD={v}",
                'password="{v}"', "pwd: {v}", "db.password={v}", "Wi-Fi password: {v}", "passphrase: {v}", "user {w} pass: {v}",
                "admin_password: '{v}'", "Your temporary password is {v}", "login {w}, password {v}", "the password for {w} is {v}",
                "Password for the {w} tablet: {v}", "login is {w} / {v}", "Login details: {w} / {v}.", "Log on as {w} / {v} and change it", "credentials: {w} / {v}",
                "username/password: {w} / {v}"],
     labels=["Password", "password", "Passwd", "PASSWORD", "pwd", "Admin password"], table=False,
     wrong=[lambda r: "${PASSWORD}", lambda r: "<password>", lambda r: "********", lambda r: "changeme", lambda r: "%s", lambda r: "{{ vault_password }}",
            lambda r: "", lambda r: "none", lambda r: "getpass()", lambda r: "required", lambda r: "os.environ[\"DB_PASSWORD\"]"],
     foreign=["Forgotten your password? Ring the desk.", "The password policy was reviewed on {date}.", "password = read_password()", "def check_password(self, password):",
              "PasswordAuthentication no", "the password field is {n} characters", "password: string; // of the user", "reset your password at the kiosk",
              "if password != expected:", "password_hash(password, salt)", "A password must have {n} characters.", "password [{w}]: see the manual",
             "The password for {w} is kept in the safe.", "The login is by card / key.", "Last login: {day} / {time}", "The password for the {w} is 12-character.",
             "credentials: {w} / {product}", "Failed password for {w} from 192.0.2.{n} port {n4} ssh2"],
     block=True, allow=ALL)


def crypt_hash(r):
    s = T(r, 16, v.TOKEN + "./")
    return r.choice([lambda: "$6$" + s + "$" + T(r, 86, v.TOKEN + "./"), lambda: "$1$" + s[:8] + "$" + T(r, 22, v.TOKEN + "./"),
                     lambda: "$5$" + s + "$" + T(r, 43, v.TOKEN + "./"), lambda: "$2b$12$" + T(r, 53, v.TOKEN + "./"),
                     lambda: "$y$j9T$" + T(r, 22, v.TOKEN + "./") + "$" + T(r, 43, v.TOKEN + "./")])()


def basic_auth(r):
    return "Basic " + v.base64.b64encode((words.last(r).lower() + ":" + v.password(r)).encode()).decode()


Kind("secret.basic-auth", PROVED, basic_auth, within=True, table=False, block=True,
     sentences=["Authorization: {v}", 'curl -H "Authorization: {v}" https://db{n}/api', '"authorization": "{v}"', "header authorization={v} sent", "Proxy-Authorization: {v}"],
     labels=["Authorization", "Proxy-Authorization"],
     wrong=[lambda r: "Basic realm", lambda r: "Basic", lambda r: "Basic credentials", lambda r: "Bearer " + v.b64(r, 12)],
     foreign=["WWW-Authenticate: Basic realm=\"{w}\"", "Authorization: Basic is not safe.", "Basic {hex40}", "Basic training on {date}", "authorization to spend {money}"], allow=ALL)

Kind("secret.password-hash", PROVED, crypt_hash, within=True, table=False, block=True,
     sentences=["root:{v}:19000:0:99999:7:::", "{w}:{v}:18210:0:99999:7:::", "ops:{v}:19555::::::"],
     wrong=[lambda r: "*", lambda r: "!!", lambda r: "$6$", lambda r: "x", lambda r: "!"],
     foreign=["etag {hex40}", "costs $6$ or so", "{w}:x:1000:1000::/home/{w}:/bin/bash", "${n}$ each"], allow=ALL)
Kind("secret.ntlm-hash", PROVED, lambda r: "%s:%s" % (v.pick(r, v.HEX, 32), v.pick(r, v.HEX, 32)), within=True, table=False, block=True,
     sentences=["{w}:1104:{v}:::", "Administrator:500:{v}:::", "FORCE\\{w}:1{n3}:{v}:::", "svc_{w}:2{n3}:aad3b435b51404eeaad3b435b51404ee:{h}:::"],
     own_slots=lambda r: {"h": words.Piece(v.pick(r, v.HEX, 32))},
     wrong=[lambda r: v.pick(r, v.HEX, 32), lambda r: v.pick(r, v.HEX, 20) + ":" + v.pick(r, v.HEX, 20)],
     foreign=["md5 {hex32}  file.iso", "{hex32}:{n}", "{uuid}", "a:b:c:::"], allow=ALL)

Kind("secret.connection-string", PROVED, v.password, table=False,
     sentences=["postgres://{w}:{v}@db{n}.internal:5432/app", "Server=sql{n};Database=crime;User Id=svc;Password={v};", "mysql://root:{v}@10.0.0.{n}/stock",
                "Data Source=ora{n};User ID=app;Pwd={v}", "mongodb+srv://{w}:{v}@cluster{n}.internal", "jdbc:sqlserver://sql{n}:1433;databaseName=hr;user=sa;password={v};",
                "ftp://{w}:{v}@files{n}.internal/in", "amqp://svc:{v}@mq{n}:5672", "redis://:{v}@cache{n}:6379/0"],
     wrong=[lambda r: "${DB_PASS}", lambda r: "<password>", lambda r: "********", lambda r: "$PASSWORD", lambda r: "{password}"],
     foreign=["https://{w}.org/path:{n}@x", "Server=sql{n};Integrated Security=true;", "postgres://db{n}.internal/app", "git://{w}.org:{n4}/repo",
              "jdbc:postgresql://localhost/test", "scheme://user@host"], allow=ALL)

Kind("secret.network-device", PLAIN, v.password, table=False, block=True,
     sentences=["hostname CORE{n}\nenable secret {v}", "username ops privilege 15 password {v}", "snmp-server community {v} RO", "interface Vlan{n}\ntacacs-server key {v}",
                "username {w} secret {v}", "crypto isakmp key {v} address 10.1.{n}.1", "radius-server key {v}", "wpa_passphrase={v}"],
     wrong=[lambda r: "<key>", lambda r: "********", lambda r: "$KEY", lambda r: "public"],
     foreign=["show running-config", "the enable secret is in the safe", "username {w} privilege 15", "snmp-server location {town}", "radius-server host 10.1.{n}.1"], allow=ALL)

Kind("secret.command-line", PLAIN, v.password, table=False,
     sentences=["sshpass -p {v} ssh ops@fw{n}", "net use x: \\\\fs{n}\\share /user:FORCE\\svc {v}", "curl -u svc:{v} https://api.internal/{n}",
                "mysql -u app -p{v} stock", "mysqldump -uroot -p{v} crime > dump.sql", "psexec \\\\pc{n} -u admin -p {v} cmd", "curl --user {w}:{v} http://printer{n}/",
                'ConvertTo-SecureString "{v}" -AsPlainText -Force'],
     wrong=[lambda r: "$PASS", lambda r: "<password>", lambda r: "${PW}", lambda r: "$(cat pw)", lambda r: "%PW%"],
     foreign=["curl https://api.internal/{n}", "mysql -u app -p stock", "ssh -p {n4} ops@fw{n}", "mkdir -p backup/{n}", "net use x: \\\\fs{n}\\share"], allow=ALL)

Kind("secret.group-policy-password", PROVED, lambda r: v.b64(r, 32), table=False,
     sentences=['<Properties action="U" userName="svc" cpassword="{v}" changeLogon="0"/>', "<AdministratorPassword><Value>{v}</Value>", "<Password><Value>{v}</Value><PlainText>false</PlainText>"],
     wrong=[lambda r: "", lambda r: "*"], foreign=["the cpassword attribute was withdrawn", "<Value>{w}</Value>", "<Password>*SENSITIVE*DATA*DELETED*</Password>"], allow=ALL)

# Systems -------------------------------------------------------------------------------

Kind("system.network-plan", PLAIN,
     lambda r: r.choice(["ip route 10.%d.0.0 255.255.0.0 10.0.0.%d", "ip address 10.%d.20.%d 255.255.255.0", "access-list 101 permit tcp any host 10.%d.2.%d eq 443",
                         "switchport access vlan %d%d", "iptables -A FORWARD -s 10.%d.0.%d -j ACCEPT"]) % (r.randrange(2, 99), r.randrange(2, 99)),
     within=True, table=False, block=True,
     sentences=["hostname CORE{n}\n{v}", "interface GigabitEthernet0/{n}\n {v}", "! {town} switch, VLAN {n}\n{v}", "firewall {w}, DMZ side\n{v}"],
     wrong=[lambda r: "ip route table", lambda r: "access-list of guests", lambda r: "switchport access", lambda r: "ip address of the printer"],
     foreign=["the router is in the cupboard", "iptables is documented in the manual", "an access-list permits or denies", "route {n} is closed"], allow=ALL)
Kind("system.vulnerability-report", PLAIN, lambda r: "CVE-20%02d-%d" % (r.randrange(14, 26), r.randrange(1000, 59999)), table=False,
     sentences=["ITHC finding {n}: {v} on the mail gateway, risk rating high.", "Nessus plugin {n6}: {v}", "Penetration test, affected host fs{n}: {v}", "Remediation plan: {v} by {date}",
                "Qualys reports {v} on {n} servers.", "Affected hosts: fs{n}, fs{n3}. {v}"],
     wrong=[lambda r: "CVE-%d" % r.randrange(2010, 2026), lambda r: "CVE-20%02d-1" % r.randrange(10, 26), lambda r: "XCVE-2021-44%d" % r.randrange(100, 999)],
     foreign=["changelog: fixed in {n}.1, {d}", "Debian security advisory for {d}", "release notes: {d} upstream"], allow=ALL)
