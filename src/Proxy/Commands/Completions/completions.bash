# Completion of s3proxy for bash:  source <(s3proxy completions bash)
_s3proxy() {
    local line=${COMP_LINE:0:COMP_POINT} word="" suggestion
    line=${line#"${line%%[![:space:]]*}"}
    if [[ $line != *[[:space:]]* ]]; then
        return
    fi
    line=${line#*[[:space:]]}
    if [[ $line != *[[:space:]] ]]; then
        word=${line##*[[:space:]]}
    fi
    COMPREPLY=()
    while IFS= read -r suggestion; do
        if [[ -n $suggestion && $suggestion == "$word"* ]]; then
            COMPREPLY+=("$suggestion")
        fi
    done < <("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)
}
complete -o bashdefault -o default -F _s3proxy s3proxy S3Proxy
