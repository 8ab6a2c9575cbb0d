/* SPDX-License-Identifier: Apache-2.0 */
/* squeeze: zlib with a dictionary. */
#include "squeeze.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#define LEVEL 9    /* once a notice and node: the peers pay for the rest */
#define WINDOW 15  /* bits: RFC 1950, the largest */
#define MEMORY 9   /* zlib's memLevel, the largest */
#define STEP 16384 /* bytes at a time */

/*
 * The dictionary of the word "deflate" in hello's accept. It is a promise like
 * a field: never changed; another one would get another word. What is found
 * most often stands last, where it is cheapest to point at.
 */
static const char dictionary[] =
	"星期日期时间上午下午每年每月每亩每户万元以内以下以上不超过不得"
	"二〇二年月日前后起至第一二三四五六七八九十条（）：；。，、《》"
	"市场价格行情风险提示预警暴雨大风低温霜冻地质灾害转移避险"
	"茶叶药材莼菜黄连蔬菜水果粮食种子化肥农药农机养殖生猪"
	"道路施工停水停电恢复抢修绕行班车客运物流快递电商直播"
	"就业培训招聘劳务工资社保医保养老金低保救助残疾教育学校"
	"贷款贴息银行信用担保保险补助资金奖补项目申报评审公示"
	"营业执照许可审批告知承诺备案税务登记小微企业个体工商户"
	"身份证户口本复印件银行卡原件表格签字盖章"
	"乡镇街道办事处村民委员会便民服务站驻村工作队第一书记"
	"利川市人民政府农业农村局商务局交通运输局财政局科技经信局"
	"村民农户合作社企业返乡创业青年脱贫户种植大户"
	"请到所在村便民服务中心办理，咨询电话：带上材料联系人"
	"有关事项通知如下：为了进一步做好工作，根据规定，经研究决定"
	"关于申请补贴的通知截止时间为符合条件的可以"
	"\"kind\":\"exchange\",\"kind\":\"recognition\",\"kind\":\"station\","
	"\"kind\":\"meeting\",\"kind\":\"approval\",\"kind\":\"market\","
	"\"kind\":\"risk\",\"kind\":\"project\",\"kind\":\"policy\","
	"\"ack\":\"understood\",\"ack\":\"read\",\"ack\":\"none\","
	"\"lang\":\"en\",\"lang\":\"zh-CN\","
	"\"roles\":[\"kiosk\",\"keeper\",\"relay\",\"clerk\"],"
	"\"instruction\":null,\"expires\":null,\"expires\":\"2026-"
	"\"sent\":\"2026-T00:00:00+08:00\",\"instruction\":\""
	"\"description\":\"\",\"headline\":\"\",\"department\":{\"code\":\""
	"\",\"name\":\"\"},\"audience\":{\"roles\":[],\"regions\":[\"422802"
	"000000\"]},\"notice\":\"422802-\",\"seq\":"
	"{\"jsonrpc\":\"2.0\",\"method\":\"notice\",\"params\":{";

const char *
squeeze_dictionary(size_t *len)
{
	*len = sizeof dictionary - 1;
	return dictionary;
}

#define DICTIONARY ((const Bytef *)dictionary), (uInt)(sizeof dictionary - 1)

/* One call of zlib's after another until there is no more output. */
static int
run(z_stream *z, int (*turn)(z_stream *, int), int flush, struct bytes *out,
    size_t most)
{
	unsigned char part[STEP];
	size_t begun = out->len;
	int code;

	do {
		z->next_out = part;
		z->avail_out = sizeof part;
		code = turn(z, flush);
		if (code == Z_NEED_DICT &&
		    inflateSetDictionary(z, DICTIONARY) == Z_OK)
			code = turn(z, flush);
		bytes_add(out, part, sizeof part - z->avail_out);
		if (out->failed)
			return Z_MEM_ERROR;
		if (out->len - begun > most)
			return Z_BUF_ERROR;
	} while (code == Z_OK && z->avail_out == 0);
	return code;
}

bool
squeeze(struct bytes *out, const char *text, size_t len)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)text,
		       .avail_in = (uInt)len };
	size_t was = out->len;
	int code;

	must(len <= UINT_MAX);
	if (deflateInit2(&z, LEVEL, Z_DEFLATED, WINDOW, MEMORY,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		return false;
	must(deflateSetDictionary(&z, DICTIONARY) == Z_OK);
	code = run(&z, deflate, Z_FINISH, out, SIZE_MAX);
	(void)deflateEnd(&z);
	if (code == Z_STREAM_END)
		return true;
	out->len = was;
	return false;
}

enum squeeze_fault
unsqueeze(struct bytes *out, const void *data, size_t len, size_t most)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)data,
		       .avail_in = (uInt)len };
	size_t was = out->len;
	int code;

	if (len > UINT_MAX)
		return SQUEEZE_TOO_LARGE;
	if (inflateInit2(&z, WINDOW) != Z_OK)
		return SQUEEZE_NO_MEMORY;
	code = run(&z, inflate, Z_NO_FLUSH, out, most);
	if (code == Z_STREAM_END && z.avail_in > 0)
		code = Z_DATA_ERROR;
	(void)inflateEnd(&z);
	if (code == Z_STREAM_END)
		return SQUEEZE_GOOD;
	if (code == Z_MEM_ERROR)
		return SQUEEZE_NO_MEMORY;
	return out->len - was > most ? SQUEEZE_TOO_LARGE : SQUEEZE_BAD;
}
