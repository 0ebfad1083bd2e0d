#compdef s3proxy S3Proxy
# Completion of s3proxy for zsh:  source <(s3proxy completions zsh)
_s3proxy() {
    local line="${(j: :)words[2,CURRENT-1]} $PREFIX"
    line="${line# }"
    local -a suggestions
    suggestions=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
    suggestions=(${suggestions:#})
    if (( ${#suggestions} )); then
        compadd -- "${suggestions[@]}"
    else
        _files
    fi
}
if [[ ${zsh_eval_context[-1]} == loadautofunc ]]; then
    _s3proxy "$@"
else
    compdef _s3proxy s3proxy S3Proxy
fi
