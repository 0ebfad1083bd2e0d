# Completion of s3proxy for fish:  s3proxy completions fish | source
function __s3proxy_suggest
    set -l line (string replace --regex '^\s*\S+\s' '' -- (commandline --cut-at-cursor --current-process))
    set -l program (commandline --tokenize --cut-at-cursor --current-process)[1]
    set -l position (string length -- "$line")
    $program "[suggest:$position]" "$line" 2>/dev/null | string match --regex '.+'
end
complete --command s3proxy --arguments '(__s3proxy_suggest)'
complete --command S3Proxy --arguments '(__s3proxy_suggest)'
